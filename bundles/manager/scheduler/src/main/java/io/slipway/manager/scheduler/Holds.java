package io.slipway.manager.scheduler;

import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which waiting sessions are not to be placed now, whatever agents have free. Pure.
 *
 * @param reasons why each of them waits on, in words
 * @param hopeless why those will never start, in words: a session that they were to follow did not succeed
 */
record Holds(Map<SessionId, String> reasons, Map<SessionId, String> hopeless) {

    static final Holds NONE = new Holds(Map.of(), Map.of());

    Holds {
        reasons = Map.copyOf(reasons);
        hopeless = Map.copyOf(hopeless);
    }

    /** Returns the sessions that some wait for. */
    static Set<SessionId> dependencies(Collection<Waiting> waiting) {
        return waiting.stream()
                .flatMap(one -> one.conditions().dependencies().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Looks at sessions with conditions.
     *
     * @param known of the sessions that they wait for, those that exist
     */
    static Holds look(Collection<Waiting> waiting, Map<SessionId, SessionRecord> known, Instant now) {
        var reasons = new HashMap<SessionId, String>();
        var hopeless = new HashMap<SessionId, String>();
        for (var one : waiting) {
            var failed = one.conditions().dependencies().stream()
                    .flatMap(dependency -> failure(dependency, known.get(dependency)).stream())
                    .findFirst();
            if (failed.isPresent()) {
                hopeless.put(one.id(), failed.get());
            } else {
                unmet(one.conditions(), known, now).ifPresent(why -> reasons.put(one.id(), why));
            }
        }
        return new Holds(reasons, hopeless);
    }

    private static Optional<String> failure(SessionId id, @Nullable SessionRecord dependency) {
        if (dependency == null) {
            return Optional.of("session " + id + ", which it was to follow, is not known any more");
        }
        return dependency.status().isTerminal() && !hasSucceeded(dependency)
                ? Optional.of("session " + dependency.name() + ", which it was to follow, did not succeed ("
                        + dependency.status() + ", result " + dependency.result() + ")")
                : Optional.empty();
    }

    private static boolean hasSucceeded(SessionRecord dependency) {
        return dependency.status() == SessionStatus.TERMINATED && dependency.result() == SessionResult.SUCCESS;
    }

    private static Optional<String> unmet(
            Waiting.Conditions conditions, Map<SessionId, SessionRecord> known, Instant now) {
        var startsAt = conditions.startsAt();
        if (startsAt != null && now.isBefore(startsAt)) {
            return Optional.of("starts at " + startsAt.truncatedTo(ChronoUnit.SECONDS) + " at the earliest");
        }
        return conditions.dependencies().stream()
                .flatMap(id -> Optional.ofNullable(known.get(id)).stream())
                .filter(dependency -> !hasSucceeded(dependency))
                .findFirst()
                .map(dependency -> "follows session " + dependency.name() + ", which is "
                        + dependency.status().wireName());
    }
}
