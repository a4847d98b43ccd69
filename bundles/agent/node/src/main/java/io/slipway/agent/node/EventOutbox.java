package io.slipway.agent.node;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentEventSink;
import io.slipway.agent.api.AgentException;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells managers what happened to kernels, in order per kernel, until they have it. Holds no events: it keeps the names of
 * kernels with news and makes the events from the kernels' state, so that it never holds more than there are kernels; what
 * is told of an end lies in the kernel's note until it was told, and so outlives the agent.
 */
final class EventOutbox {

    private static final Logger LOG = LoggerFactory.getLogger(EventOutbox.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final AgentId agent;
    private final KernelTable table;
    private final KernelNotes notes;
    private final List<Lane> lanes = new ArrayList<>();
    private final Set<KernelId> pulling = ConcurrentHashMap.newKeySet();

    private volatile @Nullable AgentEventSink sink;
    private volatile boolean isStopped;

    EventOutbox(AgentId agent, KernelTable table, KernelNotes notes, int laneCount) {
        this.agent = agent;
        this.table = table;
        this.notes = notes;
        for (var i = 0; i < laneCount; i++) {
            lanes.add(new Lane());
        }
    }

    /** Begins, on threads that nobody may interrupt: a manager in this process may be writing to its database on them. */
    void start(ExecutorService threads) {
        lanes.forEach(lane -> threads.execute(lane::run));
    }

    /** Ends when what is being told now is told. */
    void stop() {
        isStopped = true;
        lanes.forEach(Lane::wake);
    }

    /** Sets where events go; what waited is told at once. */
    void sink(@Nullable AgentEventSink next) {
        sink = next;
        lanes.forEach(Lane::wake);
    }

    Optional<AgentEventSink> sink() {
        return Optional.ofNullable(sink);
    }

    /** Says that a kernel has news. */
    void tell(NodeKernel kernel) {
        lanes.get(Math.floorMod(kernel.id().hashCode(), lanes.size())).add(kernel.id());
    }

    /** Says that an image is pulled for a kernel that was not created yet. Told once; if that does not work, never. */
    void tellPulling(KernelId kernel) {
        pulling.add(kernel);
        lanes.get(Math.floorMod(kernel.hashCode(), lanes.size())).add(kernel);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: a failing manager must not end the lane
    private void deliverPulling(KernelId kernel) {
        var target = sink;
        if (pulling.remove(kernel) && target != null) {
            try {
                target.deliver(new AgentEvent.KernelPulling(agent, kernel));
            } catch (AgentException | RuntimeException e) {
                LOG.info("kernel={} managers do not know that its image is pulled: {}", kernel, e.toString());
            }
        }
    }

    /** Delivers one kernel's news; returns false if some are left because the manager did not take them. */
    private boolean deliver(NodeKernel kernel) {
        var target = sink;
        if (target == null) {
            return false;
        }
        for (var next = kernel.takeNews(); next.isPresent(); next = kernel.takeNews()) {
            if (!deliver(target, kernel, next.get())) {
                kernel.keepNews(next.get());
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: a failing manager must not end the lane
    private boolean deliver(AgentEventSink target, NodeKernel kernel, NodeKernel.News what) {
        try {
            target.deliver(event(kernel, what));
            if (what == NodeKernel.News.ENDED) {
                notes.delete(kernel.id());
                table.endTold(kernel.id());
            }
            return true;
        } catch (AgentException | IOException | RuntimeException e) {
            LOG.warn("kernel={} news {} could not be told, they are told again: {}", kernel.id(), what, e.toString());
            LOG.debug("kernel={} news {} could not be told", kernel.id(), what, e);
            return false;
        }
    }

    private AgentEvent event(NodeKernel kernel, NodeKernel.News what) throws IOException {
        var note = kernel.note();
        return switch (what) {
            case RUNNING ->
                new AgentEvent.KernelRunning(
                        agent, note.kernel(), note.containerId(), note.servicePorts(), note.allocations());
            case ENDED -> {
                var exit = note.exit() == null
                        ? new KernelExit(ExitReason.CONTAINER_NOT_FOUND, null, "nothing is known of its end")
                        : note.exit();
                var logs = notes.read(note.kernel()).map(KernelNote::logs).orElse("");
                yield new AgentEvent.KernelEnded(agent, note.kernel(), exit, logs);
            }
        };
    }

    /** A queue with a thread; a kernel is always in the same one, which keeps its events in order. */
    private final class Lane {

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        // guarded by lock
        private final SequencedSet<KernelId> waiting = new LinkedHashSet<>();
        private boolean woken;

        void add(KernelId kernel) {
            lock.lock();
            try {
                waiting.add(kernel);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void wake() {
            lock.lock();
            try {
                woken = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void run() {
            var pause = FIRST_PAUSE;
            for (var next = take(); next.isPresent(); next = take()) {
                deliverPulling(next.get());
                var kernel = table.find(next.get());
                if (kernel.isEmpty() || deliver(kernel.get())) {
                    pause = FIRST_PAUSE;
                } else {
                    // to the end of the queue, so that one that is never taken does not hold up the others
                    add(kernel.get().id());
                    pauseUnlessWoken(pause);
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            }
        }

        /** Waits for a kernel with news; empty when the outbox stops. */
        private Optional<KernelId> take() {
            lock.lock();
            try {
                while (waiting.isEmpty() && !isStopped) {
                    changed.awaitUninterruptibly();
                }
                return isStopped ? Optional.empty() : Optional.of(waiting.removeFirst());
            } finally {
                lock.unlock();
            }
        }

        private void pauseUnlessWoken(Duration pause) {
            lock.lock();
            try {
                var left = pause.toNanos();
                while (!woken && !isStopped && left > 0) {
                    left = changed.awaitNanos(left);
                }
                woken = false;
            } catch (InterruptedException e) {
                LOG.error("An outbox thread was interrupted, which nobody may do; it ends", e);
                isStopped = true;
            } finally {
                lock.unlock();
            }
        }
    }
}
