package io.slipway.agent.api;

import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One agent, as managers call it: directly in the same process, or over a remote form that keeps this contract.
 *
 * <p>Every call is idempotent on the kernel id, so that a caller may repeat one whose answer got lost. Calls block (the
 * caller is on a virtual thread) and end within the limit they are given. Thread-safe.
 */
@ProviderType
public interface Agent {

    /** Service property and heartbeat key: the agent's id. */
    String ID_PROPERTY = "slipway.agent.id";

    /** Returns what the agent is and has now. Cheap; reads what the last inventory found. */
    AgentReport report();

    /**
     * Makes an image ready for use, pulling it if need be. Returns at once when it is there.
     *
     * @throws AgentException INVALID_INPUT if no runtime serves the image; FAILED if the image cannot be had; TIMEOUT
     */
    void prepare(PrepareKernel request) throws AgentException;

    /**
     * Accepts a kernel for creation: allocates its devices and starts it in the background. The outcome comes as
     * {@link AgentEvent.KernelRunning} or {@link AgentEvent.KernelEnded}. A repeated call for a kernel that exists
     * changes nothing and lets the outcome be told once more; but if the agent died while it started the kernel, the
     * start begins anew with that call. Until one of the two is told, the caller therefore repeats the call.
     *
     * @throws AgentException NO_CAPACITY if the devices are not free, INVALID_INPUT, FAILED
     */
    void create(CreateKernel request) throws AgentException;

    /**
     * Accepts a restart of a running kernel, which goes on in the background. The outcome comes as
     * {@link AgentEvent.KernelRunning} or {@link AgentEvent.KernelEnded}. Runs that are on end with exit code 130. A
     * repeated call changes nothing and lets the outcome be told once more.
     *
     * @throws AgentException UNKNOWN_KERNEL; FAILED if the kernel does not run or this agent cannot restart kernels
     */
    default void restart(RestartKernel request) throws AgentException {
        throw new AgentException(AgentException.Reason.FAILED, "this agent cannot restart kernels");
    }

    /**
     * Ends a kernel and removes all that belongs to it. Returns as soon as that has begun; the end comes as
     * {@link AgentEvent.KernelEnded}, also for a kernel that is unknown here (it is gone, then).
     */
    void destroy(DestroyKernel request) throws AgentException;

    /**
     * Returns the images that are on the node and can be started, with their facts; {@link AgentReport#installedImages()}
     * has their names only. An agent that cannot tell has none.
     *
     * @throws AgentException FAILED if a runtime cannot be asked
     */
    default List<AgentImage> images() throws AgentException {
        return List.of();
    }

    /**
     * Returns every kernel that this agent has, in whatever state: the truth for reconciliation.
     *
     * @throws AgentException UNREACHABLE while it is not known, such as after a restart of the agent until every runtime
     *     that has kernels of it was asked; nothing follows from that
     */
    List<KernelReport> kernels() throws AgentException;

    /**
     * Starts a run of code, or goes on with one, and waits at most {@link ExecuteCall#flushAfter()} for output.
     *
     * @throws AgentException UNKNOWN_KERNEL, INVALID_INPUT (such as an unknown run id), FAILED
     */
    ExecuteReply execute(ExecuteCall call) throws AgentException;

    /**
     * Interrupts what the kernel runs now; nothing happens if it is idle.
     *
     * @throws AgentException UNKNOWN_KERNEL, FAILED
     */
    void interrupt(KernelId kernel) throws AgentException;

    /**
     * Interrupts one run; if it waits for its turn, it never begins and ends with exit code 130. Nothing happens if it has
     * ended or is unknown. An agent that cannot tell runs apart interrupts what the kernel runs now.
     *
     * @throws AgentException UNKNOWN_KERNEL, FAILED
     */
    default void interrupt(KernelId kernel, String runId) throws AgentException {
        interrupt(kernel);
    }

    /**
     * Returns completions for a position in code, best first, at most 100.
     *
     * @throws AgentException UNKNOWN_KERNEL, FAILED, TIMEOUT
     */
    List<String> complete(CompleteCall call) throws AgentException;

    /**
     * Returns the end of the container's log.
     *
     * @param maxBytes at most so many bytes, above 0
     * @param limit how long to try
     * @throws AgentException UNKNOWN_KERNEL, FAILED
     */
    String logs(KernelId kernel, int maxBytes, Duration limit) throws AgentException;

    /**
     * Returns the way to the files of kernels.
     *
     * @throws AgentException FAILED if this agent gives no access to files
     */
    default AgentFiles files() throws AgentException {
        throw new AgentException(AgentException.Reason.FAILED, "this agent gives no access to files");
    }
}
