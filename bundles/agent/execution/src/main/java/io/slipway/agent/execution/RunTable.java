package io.slipway.agent.execution;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.ConsoleRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All runs of one kernel: what callers ask meets what the driver tells. Thread-safe; does no I/O. */
final class RunTable {

    /** What one kernel's output may take here, however its driver behaves. */
    private static final int MAX_WEIGHT = 10 << 20;

    private static final int MAX_RUNS = 64;
    private static final int MAX_FINISHED = 16;

    /** What the kept ends of one kernel's runs may take. */
    private static final int MAX_KEPT = 2 << 20;

    private final Limits limits;
    private final Share share; // guarded by lock
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final Tasks tasks = new Tasks();
    private final List<Acknowledgement> forgotten = new ArrayList<>();
    private boolean isReady;
    private boolean isClosed;
    private boolean isGone;

    RunTable(Limits limits, Buffers buffers) {
        this.limits = limits;
        this.share = new Share(buffers);
    }

    Buffers buffers() {
        return share.buffers();
    }

    /** Returns the ends of tasks. */
    Tasks tasks() {
        return tasks;
    }

    /** Adds a run unless it is known; returns whether it was added. */
    boolean add(String id, String code) throws AgentException {
        lock.lock();
        try {
            if (isClosed || runs.containsKey(id)) {
                return false;
            }
            var waiting =
                    runs.values().stream().filter(run -> !run.isFinished()).count();
            if (waiting > limits.maxWaitingRuns()) {
                throw new AgentException(Reason.FAILED, "run " + id + ": " + waiting + " runs wait in this kernel");
            }
            forgetOldest();
            share.require(
                    id,
                    code,
                    runs.values().stream().mapToInt(run -> run.code.length()).sum());
            runs.put(id, new Run(id, code, System.nanoTime()));
            return true;
        } finally {
            unlock();
        }
    }

    /** Returns the request number if the run waits for input, which it then no longer does; else null. */
    @Nullable
    Long answered(String id) throws AgentException {
        lock.lock();
        try {
            if (!isClosed && known(id).state instanceof RunState.AwaitingInput input) {
                known(id).state = new RunState.Running();
                return input.sequence();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a run has something to tell or the time is over, and takes it. */
    Run.Taken take(String id, Duration limit) throws AgentException {
        lock.lock();
        try {
            if (isClosed) {
                return closed(id);
            }
            var run = known(id);
            run.callers++;
            changed.signalAll();
            try {
                for (var left = limit.toNanos(); left > 0 && !isClosed && !run.isDue(); ) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                run.callers--;
                run.askedAtNanos = System.nanoTime();
            }
            return isClosed ? closed(id) : run.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.FAILED, "run " + id + ": waiting for it was interrupted", e);
        } finally {
            unlock();
        }
    }

    /** Waits until the driver has answered; returns whether it did. */
    boolean awaitReady(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            for (var left = limit.toNanos(); left > 0 && !isClosed && !isReady; ) {
                left = changed.awaitNanos(left);
            }
            return isReady && !isClosed;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return locked(() -> isClosed);
    }

    /** Returns the runs that have not ended, in their order. */
    List<String> live() {
        return locked(() -> runs.values().stream()
                .filter(run -> !run.isFinished())
                .map(run -> run.id)
                .toList());
    }

    /** Ends all waiting: the kernel ended, or only this agent does, and the runs go on. */
    void close(boolean isKernelGone) {
        change(() -> {
            isClosed = true;
            isGone = isKernelGone;
            runs.clear();
            changed.signalAll();
        });
    }

    void ready() {
        change(() -> {
            isReady = true;
            changed.signalAll();
        });
    }

    /** Notes that a run was handed to the driver. */
    void sent(String id) {
        change(() -> {
            var run = runs.get(id);
            if (run != null) {
                run.isSent = true;
            }
        });
    }

    /**
     * Takes output.
     *
     * @return whether it was kept; if not, nobody will ever ask for it
     * @throws BadFrameException if the driver sends more than it may
     */
    boolean output(String id, long sequence, ConsoleRecord record, int bytes) throws BadFrameException {
        return keep(id, bytes, run -> run.add(sequence, record, bytes));
    }

    /** Takes the end of a step of batch mode; returns and throws as {@link #output}. */
    boolean step(String id, long sequence, Run.Step step) throws BadFrameException {
        return keep(id, 0, run -> run.add(sequence, step));
    }

    private boolean keep(String id, int bytes, Predicate<Run> addition) throws BadFrameException {
        lock.lock();
        try {
            var run = runs.get(id);
            if (run == null || run.isFinished()) {
                return false;
            }
            run.isTold = true;
            run.code = "";
            if (weight() + bytes > MAX_WEIGHT) {
                throw new BadFrameException("more output than the window allows");
            }
            var isKept = addition.test(run);
            if (run.isDue()) {
                changed.signalAll();
            }
            return isKept;
        } finally {
            unlock();
        }
    }

    /** Takes a change of a run's state; returns whether the run is known. */
    boolean move(String id, RunState state) {
        return locked(() -> {
            var run = runs.get(id);
            if (run == null || run.isFinished()) {
                return run != null;
            }
            run.state = state;
            if (run.isFinished()) {
                run.code = "";
            }
            changed.signalAll();
            return true;
        });
    }

    /** Makes a run known that another life of this agent began. */
    void adopt(String id) throws BadFrameException {
        lock.lock();
        try {
            if (!isClosed && !runs.containsKey(id)) {
                if (runs.size() >= MAX_RUNS) {
                    throw new BadFrameException("tells of more than " + MAX_RUNS + " runs");
                }
                var run = new Run(id, "", System.nanoTime());
                run.isSent = true;
                runs.put(id, run);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Compares with the runs that the driver knows; returns those to hand to it (again).
     *
     * @param isNewDriver whether it is another process than before, which cannot know what the former one did
     */
    List<Submission> compare(Set<String> known, boolean isNewDriver) {
        return locked(() -> {
            var missing = new ArrayList<Submission>();
            for (var run : runs.values()) {
                if (run.isFinished() || known.contains(run.id)) {
                    continue;
                }
                if (run.isTold || (isNewDriver && run.isSent)) {
                    run.state = new RunState.Finished(run.lastSeen(), Limits.GONE);
                    run.code = "";
                } else {
                    run.isSent = true;
                    missing.add(new Submission(run.id, run.code));
                }
            }
            isReady = true;
            changed.signalAll();
            return missing;
        });
    }

    /** Returns up to where each run's records reached a caller. */
    List<Acknowledgement> taken() {
        return locked(() -> {
            return runs.values().stream()
                    .filter(run -> run.lastTaken() > 0)
                    .map(run -> new Acknowledgement(run.id, run.lastTaken(), run.isOver()))
                    .toList();
        });
    }

    /** Waits until output may be read: somebody asks, or nobody will. Returns whether to go on. */
    boolean awaitDemand() throws InterruptedException {
        lock.lock();
        try {
            while (!isClosed && !isWanted()) {
                var _ = changed.awaitNanos(share.patienceNanos());
            }
            return !isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a frame of so many bytes may be read; it counts until {@link #read()}. */
    void awaitRoom(int bytes) throws BadFrameException, InterruptedException {
        lock.lock();
        try {
            share.await(bytes, limits.abandonedAfter(), changed, () -> isClosed);
        } finally {
            unlock();
        }
    }

    /** Notes that the frame that was being read is no more. */
    void read() {
        change(share::read);
    }

    private void change(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            unlock();
        }
    }

    private void unlock() {
        share.settle(runs.values().stream().mapToLong(Run::heldBytes).sum());
        lock.unlock();
    }

    /** Gives up on runs that nobody asks for, so that they cannot hold up others; returns what to acknowledge. */
    List<Acknowledgement> sweep() {
        return locked(() -> {
            var acknowledgements = new ArrayList<>(forgotten);
            forgotten.clear();
            var now = System.nanoTime();
            for (var run : List.copyOf(runs.values())) {
                var idle = run.callers > 0 ? 0 : now - run.askedAtNanos;
                if (run.isFinished() && idle > limits.finishedKept().toNanos()) {
                    runs.remove(run.id);
                    acknowledgements.add(new Acknowledgement(run.id, Long.MAX_VALUE, true));
                } else if (!run.isOver() && idle > limits.abandonedAfter().toNanos()) {
                    run.isAbandoned = true;
                    if (run.weight() >= Run.ENOUGH || (run.isFinished() && run.weight() > 0)) {
                        acknowledgements.add(new Acknowledgement(run.id, run.lastSeen(), false));
                    }
                    if ((run.isFinished() && weight() > MAX_WEIGHT / 2) || !share.isFair()) {
                        run.dropAll();
                    }
                }
            }
            changed.signalAll();
            return acknowledgements;
        });
    }

    private boolean isWanted() {
        return weight() < MAX_WEIGHT / 2
                && share.isOpen()
                && runs.values().stream()
                        .filter(run -> !run.isFinished())
                        .findFirst()
                        .map(run -> run.isAbandoned || (run.isAskedFor() && run.weight() < Run.ENOUGH))
                        .orElse(true);
    }

    private void forgetOldest() {
        var finished = runs.values().stream().filter(Run::isFinished).toList();
        var kept = 0;
        for (var at = finished.size() - 1; at >= 0; at--) {
            var run = finished.get(at);
            kept += run.keptWeight();
            var isTooMuch = run.isOver() && kept > MAX_KEPT;
            if (finished.size() - at > MAX_FINISHED || isTooMuch) {
                runs.remove(run.id);
                forgotten.add(new Acknowledgement(run.id, Long.MAX_VALUE, true));
            }
        }
    }

    private int weight() {
        return runs.values().stream().mapToInt(Run::weight).sum();
    }

    private Run known(String id) throws AgentException {
        var run = runs.get(id);
        if (run == null) {
            throw new AgentException(Reason.INVALID_INPUT, "there is no run " + id + " in this kernel");
        }
        return run;
    }

    private Run.Taken closed(String id) throws AgentException {
        if (!isGone) {
            throw new AgentException(Reason.UNREACHABLE, "run " + id + " goes on, but the agent stops; ask again");
        }
        return Run.Taken.gone(id);
    }
}
