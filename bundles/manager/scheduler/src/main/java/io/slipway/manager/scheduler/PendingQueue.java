package io.slipway.manager.scheduler;

import io.slipway.model.session.SessionId;
import io.slipway.scheduling.spi.PendingSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sessions that wait. Kept almost sorted between decisions, so that sorting again costs little more than one look at each.
 * Used by one thread.
 */
final class PendingQueue {

    private final Map<SessionId, Waiting> byId = new HashMap<>();
    private final Map<SessionId, Waiting> conditional = new HashMap<>();
    private final Map<SessionId, String> shown = new HashMap<>();
    private List<Waiting> order = new ArrayList<>();

    void clear() {
        byId.clear();
        conditional.clear();
        shown.clear();
        order.clear();
    }

    /** Adds a session; replaces one of the same id. */
    void put(Waiting waiting, String statusInfo) {
        if (byId.put(waiting.id(), waiting) != null) {
            order.removeIf(present -> present.id().equals(waiting.id()));
        }
        order.add(waiting);
        conditional.remove(waiting.id());
        if (!waiting.conditions().equals(Waiting.Conditions.NONE)) {
            conditional.put(waiting.id(), waiting);
        }
        shown.put(waiting.id(), statusInfo);
    }

    void remove(Collection<SessionId> sessions) {
        var gone = Set.copyOf(sessions);
        var isChanged = gone.stream().filter(id -> byId.remove(id) != null).count() > 0;
        shown.keySet().removeAll(gone);
        conditional.keySet().removeAll(gone);
        if (isChanged) {
            order.removeIf(waiting -> gone.contains(waiting.id()));
        }
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    boolean contains(SessionId session) {
        return byId.containsKey(session);
    }

    /** Returns the access key that a waiting session counts for, empty text if it does not wait. */
    String ownerOf(SessionId session) {
        var waiting = byId.get(session);
        return waiting == null ? "" : waiting.session().owner();
    }

    /** Returns those that wait for more than agents. */
    Collection<Waiting> conditional() {
        return List.copyOf(conditional.values());
    }

    /** Returns all, in the order of the last decision. */
    List<Waiting> all() {
        return List.copyOf(order);
    }

    int size() {
        return byId.size();
    }

    /** Returns all but those that are held back, in an order; a view until the next change. */
    List<Waiting> sorted(Comparator<PendingSession> comparator, Set<SessionId> heldBack) {
        var sorted = new ArrayList<>(order);
        sorted.sort(Comparator.comparing(Waiting::session, comparator));
        order = sorted;
        return heldBack.isEmpty()
                ? List.copyOf(order)
                : order.stream()
                        .filter(waiting -> !heldBack.contains(waiting.id()))
                        .toList();
    }

    /** Returns those of some reasons that differ from what is shown, at most so many. */
    Map<SessionId, String> news(Map<SessionId, String> reasons, int limit) {
        var result = new HashMap<SessionId, String>();
        for (var waiting : order) {
            var reason = reasons.get(waiting.id());
            if (reason != null && !reason.equals(shown.get(waiting.id()))) {
                result.put(waiting.id(), reason);
                if (result.size() == limit) {
                    break;
                }
            }
        }
        return result;
    }

    /** Takes reasons as shown. */
    void shown(Map<SessionId, String> reasons) {
        reasons.forEach((session, reason) -> {
            if (byId.containsKey(session)) {
                shown.put(session, reason);
            }
        });
    }
}
