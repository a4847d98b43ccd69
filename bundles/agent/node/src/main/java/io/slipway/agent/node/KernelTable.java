package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.allocation.AllocationResult;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.api.PluginId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** Every kernel of this agent; those that ended are kept for a while. Thread-safe. */
final class KernelTable {

    /** How many ended kernels are remembered after managers were told. */
    private static final int ENDED_KEPT = 2_000;

    private final ConcurrentMap<KernelId, NodeKernel> kernels = new ConcurrentHashMap<>();
    private final DeviceLedger ledger;
    private final ReentrantLock admission = new ReentrantLock();
    // guarded by admission
    private final Deque<KernelId> told = new ArrayDeque<>();

    private volatile boolean isClosed;

    KernelTable(DeviceLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * A kernel that was asked for.
     *
     * @param kernel the kernel
     * @param isNew whether it is to be started
     */
    record Admitted(NodeKernel kernel, boolean isNew) {}

    /**
     * Enters a kernel and takes its devices, or finds the one that is there. One whose start was broken off counts as new, and
     * has the devices that it had.
     *
     * @throws AgentException NO_CAPACITY if devices are lacking; nothing was entered, then
     */
    Admitted admit(KernelId id, SessionId session, PluginId runtime, SlotAmounts slots, List<DeviceCapacity> devices)
            throws AgentException {
        admission.lock();
        try {
            if (isClosed) {
                throw new AgentException(Reason.UNREACHABLE, "the agent stops");
            }
            var known = kernels.get(id);
            if (known != null) {
                var next = known.startAnew(session, runtime);
                next.ifPresent(started -> kernels.put(id, started));
                return new Admitted(next.orElse(known), next.isPresent());
            }
            return switch (ledger.commit(id, slots, devices)) {
                case AllocationResult.Allocated allocated -> {
                    var note = KernelNote.starting(id, session, runtime, allocated.allocations());
                    var kernel = new NodeKernel(note, NodeKernel.Stage.STARTING);
                    kernels.put(id, kernel);
                    yield new Admitted(kernel, true);
                }
                case AllocationResult.Insufficient insufficient ->
                    throw new AgentException(
                            Reason.NO_CAPACITY, "kernel " + id + " does not fit: " + insufficient.reason());
            };
        } finally {
            admission.unlock();
        }
    }

    /**
     * Begins a restart of a running kernel: another one of the same id takes its place and its devices.
     *
     * @return the new one; empty if the kernel does not run
     */
    Optional<NodeKernel> restart(NodeKernel kernel, long round) throws AgentException {
        admission.lock();
        try {
            if (isClosed) {
                throw new AgentException(Reason.UNREACHABLE, "the agent stops");
            }
            var next = kernel.restart(round);
            next.ifPresent(started -> kernels.put(started.id(), started));
            return next;
        } finally {
            admission.unlock();
        }
    }

    /** Enters a kernel of an earlier process with the devices that it holds; false if it is known already. */
    boolean restore(NodeKernel kernel) {
        admission.lock();
        try {
            if (kernels.putIfAbsent(kernel.id(), kernel) != null) {
                return false;
            }
            if (kernel.stage() != NodeKernel.Stage.ENDED) {
                ledger.restore(kernel.id(), kernel.note().allocations());
            }
            return true;
        } finally {
            admission.unlock();
        }
    }

    /** The agent stops: whatever fails from now on, fails because of that and is left to the next process. */
    void close() {
        isClosed = true;
    }

    /**
     * Returns if the agent goes on.
     *
     * @throws InterruptedException if it stops, or if the thread was interrupted, which happens only then
     */
    void checkOpen() throws InterruptedException {
        if (isClosed || Thread.interrupted()) {
            throw new InterruptedException("the agent stops");
        }
    }

    /** Gives back the devices of a kernel. */
    void free(KernelId id) {
        ledger.free(id);
    }

    Optional<NodeKernel> find(KernelId id) {
        return Optional.ofNullable(kernels.get(id));
    }

    Collection<NodeKernel> all() {
        return List.copyOf(kernels.values());
    }

    /** Notes that managers know of a kernel's end; the oldest such kernels are forgotten. */
    void endTold(KernelId id) {
        admission.lock();
        try {
            told.remove(id);
            told.addLast(id);
            while (told.size() > ENDED_KEPT) {
                kernels.remove(told.removeFirst());
            }
        } finally {
            admission.unlock();
        }
    }
}
