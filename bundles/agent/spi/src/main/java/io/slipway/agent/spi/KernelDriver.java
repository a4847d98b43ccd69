package io.slipway.agent.spi;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Talks to the small driver program that is put into every kernel. The agent listens in a folder of the kernel's own
 * and the driver dials; after a restart of the agent the driver dials again and goes on. Thread-safe; calls block.
 */
@ProviderType
public interface KernelDriver {

    /**
     * Makes the kernel's driver folder and listens there. Idempotent: for a kernel whose folder exists (after a restart
     * of the agent) it listens again and changes nothing else.
     *
     * @param kernel which kernel
     * @param kind which driver suits the image
     * @return how the container must be started
     * @throws AgentException FAILED if the folder or socket cannot be made
     */
    DriverLaunch open(KernelId kernel, DriverKind kind) throws AgentException;

    /**
     * Waits until the driver has answered once since {@link #open}.
     *
     * @throws AgentException TIMEOUT, or UNKNOWN_KERNEL if it is not open or was closed meanwhile
     */
    void awaitReady(KernelId kernel, Duration limit) throws AgentException;

    /** Runs code; see {@link io.slipway.agent.api.Agent#execute}. */
    ExecuteReply execute(ExecuteCall call) throws AgentException;

    /** Interrupts; see {@link io.slipway.agent.api.Agent#interrupt}. */
    void interrupt(KernelId kernel) throws AgentException;

    /** Completes; see {@link io.slipway.agent.api.Agent#complete}. */
    List<String> complete(CompleteCall call) throws AgentException;

    /**
     * Forgets a kernel that is gone: runs that are still asked for end with exit code 130, the folder is removed.
     * Nothing happens if it is not open.
     */
    void close(KernelId kernel);
}
