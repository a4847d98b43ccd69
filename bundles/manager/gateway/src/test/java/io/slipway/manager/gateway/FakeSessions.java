package io.slipway.manager.gateway;

import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.CreatedSession;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.Page;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sessions in memory that start when a test lets them. */
final class FakeSessions implements SessionService {

    final ConcurrentMap<UUID, SessionRecord> records = new ConcurrentHashMap<>();
    final List<CreateSession> wishes = new ArrayList<>();
    final AtomicInteger changes = new AtomicInteger();
    final CountDownLatch mayStart = new CountDownLatch(1);
    volatile SessionStatus startsAs = SessionStatus.RUNNING;
    volatile SessionStatus restartsAs = SessionStatus.RUNNING;
    volatile @Nullable RuntimeException failure;

    private final AtomicLong ids = new AtomicLong(1_000);

    SessionRecord put(Principal owner, String name, SessionStatus status) {
        var session = Samples.session(owner, new UUID(0, ids.getAndIncrement()), name, status);
        records.put(session.id().value(), session);
        return session;
    }

    @Override
    public CreatedSession create(Principal caller, AccessKey owner, CreateSession request) {
        fail();
        synchronized (wishes) {
            wishes.add(request);
        }
        var live = match(owner, request.name()).stream()
                .filter(session -> !session.status().isTerminal())
                .findFirst();
        if (live.isPresent()) {
            if (!request.reuseIfExists()) {
                throw new SlipwayException(
                        FailureCode.SESSION_EXISTS,
                        "Session " + request.name() + " exists",
                        Map.of("existingSessionId", live.get().id().toString()),
                        null);
            }
            return new CreatedSession(live.get(), false);
        }
        if (request.image().equals("missing")) {
            throw SlipwayException.notFound("image reference", "Image missing not found");
        }
        changes.incrementAndGet();
        return new CreatedSession(put(caller, request.name(), SessionStatus.PENDING), true);
    }

    @Override
    public SessionRecord awaitStarted(SessionId session, Duration limit) {
        try {
            if (mayStart.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return move(session, startsAs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return find(session).orElseThrow();
    }

    @Override
    public SessionRecord awaitLeft(SessionId session, Set<SessionStatus> states, Duration limit) {
        return find(session).orElseThrow();
    }

    @Override
    public SessionRecord get(AccessKey owner, String reference, boolean alsoDead) {
        fail();
        var matches = match(owner, reference).stream()
                .filter(session -> alsoDead || !session.status().isTerminal())
                .toList();
        if (matches.isEmpty()) {
            throw SlipwayException.notFound("session", "Session " + reference + " not found");
        }
        if (matches.size() > 1) {
            throw new SlipwayException(
                    FailureCode.TOO_MANY_SESSIONS, "Several", Map.of("matches", List.of(Map.of("id", "x"))), null);
        }
        return matches.getFirst();
    }

    @Override
    public Optional<SessionRecord> find(SessionId session) {
        return Optional.ofNullable(records.get(session.value()));
    }

    @Override
    public Map<SessionId, SessionRecord> findAll(Collection<SessionId> sessions) {
        throw new AssertionError("REST asks for one at a time");
    }

    @Override
    public Map<SessionId, List<HistoryEntry>> histories(Collection<SessionId> sessions) {
        throw new AssertionError("REST shows no history");
    }

    @Override
    public Map<AgentId, List<KernelRecord>> kernelsByAgent() {
        throw new AssertionError("REST shows no agents");
    }

    @Override
    public List<SessionRecord> match(AccessKey owner, String reference) {
        return records.values().stream()
                .filter(session -> session.owner().equals(owner))
                .filter(session -> session.name().equals(reference)
                        || session.id().toString().equals(reference))
                .toList();
    }

    @Override
    public Page<SessionRecord> list(SessionQuery query) {
        var all = records.values().stream()
                .filter(session ->
                        query.statuses().isEmpty() || query.statuses().contains(session.status()))
                .toList();
        return new Page<>(all.stream().limit(query.limit()).toList(), all.size());
    }

    @Override
    public List<SessionRecord> followers(SessionRecord session) {
        return records.values().stream()
                .filter(one ->
                        one.status() == SessionStatus.PENDING && one.name().startsWith(session.name() + "-after"))
                .toList();
    }

    @Override
    public SessionRecord destroy(Principal caller, AccessKey owner, String reference, boolean forced) {
        var session = get(owner, reference, true);
        if (session.status() == SessionStatus.PREPARING && !forced) {
            throw new SlipwayException(FailureCode.FORBIDDEN, "It is PREPARING; use forced");
        }
        if (session.status() == SessionStatus.TERMINATED || session.status() == SessionStatus.CANCELLED) {
            throw new SlipwayException(FailureCode.FORBIDDEN, "It has ended");
        }
        changes.incrementAndGet();
        return move(
                session.id(),
                session.status() == SessionStatus.PENDING ? SessionStatus.CANCELLED : SessionStatus.TERMINATED);
    }

    @Override
    public SessionRecord restart(Principal caller, AccessKey owner, String reference) {
        var session = get(owner, reference, false);
        if (session.status() != SessionStatus.RUNNING) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, "Session " + reference + " does not run");
        }
        changes.incrementAndGet();
        return move(session.id(), restartsAs);
    }

    @Override
    public void rename(AccessKey owner, String reference, String name) {
        var session = get(owner, reference, true);
        if (session.status() != SessionStatus.RUNNING) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, "Session " + reference + " does not run");
        }
        if (name.length() > 64) {
            throw SlipwayException.invalid("name", "must have 4 to 64 characters");
        }
        changes.incrementAndGet();
        records.put(
                session.id().value(),
                Samples.session(caller(session), session.id().value(), name, session.status()));
    }

    @Override
    public String logs(AccessKey owner, String reference, Optional<String> kernelId) {
        return "log of " + get(owner, reference, true).name()
                + kernelId.map(" "::concat).orElse("");
    }

    private SessionRecord move(SessionId session, SessionStatus status) {
        var before = records.get(session.value());
        var after = Samples.session(caller(before), session.value(), before.name(), status);
        records.put(session.value(), after);
        return after;
    }

    private static Principal caller(SessionRecord session) {
        return List.of(Fakes.SUPERADMIN, Fakes.USER, Fakes.OTHER).stream()
                .map(Fakes.TestKey::principal)
                .filter(principal -> principal.accessKey().equals(session.owner()))
                .findFirst()
                .orElseThrow();
    }

    private void fail() {
        var known = failure;
        if (known != null) {
            throw known;
        }
    }

    /** Ends a session. */
    void end(SessionId session) {
        move(session, SessionStatus.TERMINATED);
    }
}
