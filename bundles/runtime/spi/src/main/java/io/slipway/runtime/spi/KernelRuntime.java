package io.slipway.runtime.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.call.OpenEnded;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One way to run kernels on the local node.
 *
 * <p>Registered as an OSGi service by a runtime plug-in; called only by the agent. Every method is idempotent on the
 * kernel id. Calls for different kernels come at the same time, calls for one kernel do not, but for {@link #awaitExit}
 * and the abilities, which come at any time beside the others. Calls block (on virtual threads) and end within their
 * limit. A kernel outlives this object, its bundle and the whole agent process: whatever is needed to find it again is
 * kept with the container, not in memory. Abilities are further interfaces that the same object may implement:
 * {@link ImageStore}, {@link KernelLogs}, {@link KernelStats}, {@link KernelExec}, {@link KernelFiles}, {@link KernelPorts},
 * {@link KernelCommit}.
 */
@ConsumerType
@Idempotent
public interface KernelRuntime {

    /** Returns what this runtime is and how far it can hold kernels to their limits; may change after a change on the node. */
    RuntimeTraits traits();

    /**
     * Creates a kernel's container without starting it. If it exists already nothing changes.
     *
     * @throws KernelRuntimeException if it cannot be created; nothing is left behind, then
     */
    void create(KernelSpec spec, Duration limit) throws KernelRuntimeException;

    /**
     * Starts a created kernel. If it runs already nothing changes.
     *
     * @return the kernel as it is now
     * @throws KernelRuntimeException if it does not exist or does not start; the caller then removes it
     */
    OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException;

    /**
     * Ends all programs of a kernel: asks them first, kills them when the grace is over, and returns when none is left.
     * Nothing happens if the kernel has ended or does not exist.
     *
     * @param grace zero kills at once
     * @throws KernelRuntimeException if a program could not be ended
     */
    @OpenEnded
    void stop(KernelId kernel, Duration grace) throws KernelRuntimeException;

    /**
     * Removes an ended kernel and all that the runtime made for it (control groups, containers, state files). The kernel's
     * home folder belongs to the caller. Nothing happens if it does not exist.
     *
     * @throws KernelRuntimeException if it still runs or something could not be removed; it may be tried again
     */
    void remove(KernelId kernel) throws KernelRuntimeException;

    /**
     * Returns every kernel of this installation that exists here, also those of an earlier process of the agent.
     *
     * @throws KernelRuntimeException if the engine cannot be asked; nothing is known, then
     */
    List<OwnedKernel> list() throws KernelRuntimeException;

    /**
     * Waits for the end of a kernel, also of one started by an earlier process of the agent.
     *
     * @return how it ended; empty if it still runs at the limit
     * @throws KernelRuntimeException if it does not exist or cannot be watched
     */
    @OpenEnded
    Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException;
}
