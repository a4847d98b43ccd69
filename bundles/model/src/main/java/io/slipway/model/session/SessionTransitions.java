package io.slipway.model.session;

import static io.slipway.model.session.SessionStatus.CANCELLED;
import static io.slipway.model.session.SessionStatus.CREATING;
import static io.slipway.model.session.SessionStatus.ERROR;
import static io.slipway.model.session.SessionStatus.PENDING;
import static io.slipway.model.session.SessionStatus.PREPARING;
import static io.slipway.model.session.SessionStatus.PULLING;
import static io.slipway.model.session.SessionStatus.RESTARTING;
import static io.slipway.model.session.SessionStatus.RUNNING;
import static io.slipway.model.session.SessionStatus.SCHEDULED;
import static io.slipway.model.session.SessionStatus.TERMINATED;
import static io.slipway.model.session.SessionStatus.TERMINATING;

import io.slipway.model.kernel.KernelStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table of allowed moves of a session, as data, and the promotion of a session from the states of its kernels. A
 * state that is no key of the table is terminal.
 */
public final class SessionTransitions {

    /** To each state that can be left, the states that may follow. */
    public static final Map<SessionStatus, Set<SessionStatus>> TABLE = Map.of(
            PENDING, Set.of(SCHEDULED, CANCELLED, ERROR),
            SCHEDULED, Set.of(PENDING, PREPARING, PULLING, CREATING, RUNNING, TERMINATING, TERMINATED, ERROR),
            PREPARING, Set.of(PENDING, PULLING, CREATING, RUNNING, TERMINATING, TERMINATED, ERROR),
            PULLING, Set.of(PENDING, PREPARING, CREATING, RUNNING, TERMINATING, TERMINATED, ERROR),
            CREATING, Set.of(RUNNING, TERMINATING, TERMINATED, ERROR),
            RUNNING, Set.of(RESTARTING, TERMINATING, TERMINATED, ERROR),
            RESTARTING, Set.of(RUNNING, TERMINATING, TERMINATED, ERROR),
            TERMINATING, Set.of(TERMINATED, ERROR));

    private static final List<KernelStatus> START_ORDER = List.of(
            KernelStatus.PENDING,
            KernelStatus.SCHEDULED,
            KernelStatus.PREPARING,
            KernelStatus.PULLING,
            KernelStatus.CREATING,
            KernelStatus.RUNNING);

    private SessionTransitions() {}

    /** Returns whether a session may go from one state to the other; staying is no move. */
    public static boolean allows(SessionStatus from, SessionStatus to) {
        return TABLE.getOrDefault(from, Set.of()).contains(to);
    }

    /**
     * Returns the state that a session should have, given its kernels.
     *
     * <p>All kernels terminal: ERROR if one of them is in ERROR, else CANCELLED if all are, else TERMINATED. One kernel
     * gone or going while others live: TERMINATING. Otherwise the least advanced kernel decides.
     *
     * @param now the present state of the session
     * @param kernels the states of all its kernels, at least one
     * @return the state to go to; empty if it is the present one or the table does not allow it
     */
    public static Optional<SessionStatus> promote(SessionStatus now, Collection<KernelStatus> kernels) {
        var target = target(kernels);
        return allows(now, target) ? Optional.of(target) : Optional.empty();
    }

    private static SessionStatus target(Collection<KernelStatus> kernels) {
        if (kernels.stream().allMatch(KernelStatus::isTerminal)) {
            if (kernels.contains(KernelStatus.ERROR)) {
                return ERROR;
            }
            return kernels.stream().allMatch(KernelStatus.CANCELLED::equals) ? CANCELLED : TERMINATED;
        }
        if (kernels.contains(KernelStatus.TERMINATING) || kernels.stream().anyMatch(KernelStatus::isTerminal)) {
            return TERMINATING;
        }
        if (kernels.contains(KernelStatus.RESTARTING)) {
            return RESTARTING;
        }
        return START_ORDER.stream()
                .filter(kernels::contains)
                .findFirst()
                .map(least -> SessionStatus.valueOf(least.name()))
                .orElseThrow();
    }
}
