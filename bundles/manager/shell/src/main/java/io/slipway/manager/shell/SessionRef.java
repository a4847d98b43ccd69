package io.slipway.manager.shell;

import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds sessions as operators name them: by id, whoever owns it, or by name of the owner's. */
final class SessionRef {

    static final Set<SessionStatus> LIVE = Arrays.stream(SessionStatus.values())
            .filter(status -> !status.isTerminal())
            .collect(Collectors.toUnmodifiableSet());

    private static final int MOST = 1_000;

    private SessionRef() {}

    static SessionRecord find(SessionService sessions, OwnedCommand command, String reference) {
        return byId(sessions, reference).orElseGet(() -> sessions.get(command.owner(), reference, true));
    }

    /** Returns the names of the newest sessions in these states, of all where there are none. */
    static List<String> names(SessionService sessions, Set<SessionStatus> statuses) {
        return newest(sessions, statuses).stream()
                .map(SessionRecord::name)
                .distinct()
                .toList();
    }

    static List<SessionRecord> newest(SessionService sessions, Set<SessionStatus> statuses) {
        return sessions.list(new SessionQuery(
                        Optional.empty(), Optional.empty(), Optional.empty(), statuses, List.of(), 0, MOST))
                .items();
    }

    private static Optional<SessionRecord> byId(SessionService sessions, String reference) {
        try {
            return sessions.find(SessionId.parse(reference));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name, not an id
        }
    }
}
