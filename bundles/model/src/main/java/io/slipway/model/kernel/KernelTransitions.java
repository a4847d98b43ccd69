package io.slipway.model.kernel;

import static io.slipway.model.kernel.KernelStatus.CANCELLED;
import static io.slipway.model.kernel.KernelStatus.CREATING;
import static io.slipway.model.kernel.KernelStatus.ERROR;
import static io.slipway.model.kernel.KernelStatus.PENDING;
import static io.slipway.model.kernel.KernelStatus.PREPARING;
import static io.slipway.model.kernel.KernelStatus.PULLING;
import static io.slipway.model.kernel.KernelStatus.RESTARTING;
import static io.slipway.model.kernel.KernelStatus.RUNNING;
import static io.slipway.model.kernel.KernelStatus.SCHEDULED;
import static io.slipway.model.kernel.KernelStatus.TERMINATED;
import static io.slipway.model.kernel.KernelStatus.TERMINATING;

import java.util.Map;
import java.util.Set;

/** The table of allowed moves of a kernel, as data. A state that is no key is terminal. */
public final class KernelTransitions {

    /** To each state that can be left, the states that may follow. */
    public static final Map<KernelStatus, Set<KernelStatus>> TABLE = Map.of(
            PENDING, Set.of(SCHEDULED, CANCELLED, ERROR),
            SCHEDULED, Set.of(PENDING, PREPARING, TERMINATING, TERMINATED, ERROR),
            PREPARING, Set.of(PENDING, PULLING, CREATING, TERMINATING, TERMINATED, ERROR),
            PULLING, Set.of(PENDING, PREPARING, CREATING, TERMINATING, TERMINATED, ERROR),
            CREATING, Set.of(RUNNING, TERMINATING, TERMINATED, ERROR),
            RUNNING, Set.of(RESTARTING, TERMINATING, TERMINATED, ERROR),
            RESTARTING, Set.of(RUNNING, TERMINATING, TERMINATED, ERROR),
            TERMINATING, Set.of(TERMINATED, ERROR));

    private KernelTransitions() {}

    /** Returns whether a kernel may go from one state to the other; staying is no move. */
    public static boolean allows(KernelStatus from, KernelStatus to) {
        return TABLE.getOrDefault(from, Set.of()).contains(to);
    }
}
