package io.slipway.agent.spi;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
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

    /** Interrupts; see {@link io.slipway.agent.api.Agent#interrupt(KernelId)}. */
    void interrupt(KernelId kernel) throws AgentException;

    /** Interrupts one run; see {@link io.slipway.agent.api.Agent#interrupt(KernelId, String)}. */
    default void interrupt(KernelId kernel, String run) throws AgentException {
        interrupt(kernel);
    }

    /** Completes; see {@link io.slipway.agent.api.Agent#complete}. */
    List<String> complete(CompleteCall call) throws AgentException;

    /**
     * Runs a command beside all runs, its output to the container's log, and waits for its end. The command is begun once
     * per name in the life of the kernel, however often this is called; its status can be asked for until the kernel ends,
     * also by a later process of the agent.
     *
     * @param name 1 to 16 lower case letters
     * @param command command for a shell
     * @param limit how long to wait
     * @return its exit status; empty if it is not known yet
     * @throws AgentException UNKNOWN_KERNEL
     */
    OptionalInt task(KernelId kernel, String name, String command, Duration limit) throws AgentException;

    /**
     * Forgets a kernel that is gone: runs that are still asked for end with exit code 130, the folder is removed.
     * Nothing happens if it is not open.
     */
    void close(KernelId kernel);
}
