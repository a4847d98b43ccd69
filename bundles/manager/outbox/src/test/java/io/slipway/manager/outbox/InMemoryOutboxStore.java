package io.slipway.manager.outbox;

import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Keeps events in a list; a claim is by session, as the contract says. */
final class InMemoryOutboxStore implements OutboxStore {

    private final List<SessionEvent> events = new ArrayList<>();
    private final Map<Long, Instant> published = new HashMap<>();
    private final Map<SessionId, Claim> claims = new HashMap<>();
    private Consumer<List<SessionEvent>> listener = events -> {};
    private boolean isGiving;
    private boolean failsNext;

    private record Claim(String publisher, Instant until) {}

    synchronized void add(int count) {
        for (int i = 0; i < count; i++) {
            var id = events.isEmpty() ? 1L : events.getLast().id() + 1;
            var session = new SessionId(new UUID(0, id % 3));
            events.add(new SessionEvent(id, session, null, "default", "RUNNING", "", Instant.EPOCH));
        }
        if (isGiving) {
            listener.accept(List.copyOf(events.subList(events.size() - count, events.size())));
        }
    }

    synchronized List<SessionEvent> events() {
        return List.copyOf(events);
    }

    /** From now on it gives what is added. */
    synchronized void giveByItself() {
        isGiving = true;
    }

    @Override
    public synchronized Optional<Runnable> onStored(Consumer<List<SessionEvent>> wanted) {
        listener = wanted;
        return isGiving ? Optional.of(() -> listener = events -> {}) : Optional.empty();
    }

    synchronized List<Long> ids() {
        return events.stream().map(SessionEvent::id).toList();
    }

    synchronized int publishedCount() {
        return published.size();
    }

    synchronized void failNextPublished() {
        failsNext = true;
    }

    @Override
    public synchronized List<SessionEvent> claim(String publisher, Instant now, Instant until, int limit) {
        Set<SessionId> taken = new HashSet<>();
        claims.forEach((session, claim) -> {
            if (!claim.publisher().equals(publisher) && claim.until().isAfter(now)) {
                taken.add(session);
            }
        });
        var claimed = events.stream()
                .filter(event -> !published.containsKey(event.id()) && !taken.contains(event.session()))
                .limit(limit)
                .toList();
        claimed.forEach(event -> claims.put(event.session(), new Claim(publisher, until)));
        return claimed;
    }

    @Override
    public synchronized void published(Collection<Long> ids, Instant at) {
        if (failsNext) {
            failsNext = false;
            throw new IllegalStateException("store is away");
        }
        ids.forEach(id -> published.put(id, at));
    }

    @Override
    public synchronized List<SessionEvent> keptAfter(long id, int limit) {
        return events.stream().filter(event -> event.id() > id).limit(limit).toList();
    }

    @Override
    public synchronized int purge(Instant publishedBefore) {
        var before = events.size();
        events.removeIf(event ->
                published.containsKey(event.id()) && published.get(event.id()).isBefore(publishedBefore));
        return before - events.size();
    }
}
