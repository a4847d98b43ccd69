package io.slipway.agent.node;

import io.slipway.agent.api.DestroyKernel;
import io.slipway.agent.api.KernelReport;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.plugin.api.PluginId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One kernel in memory. At any time at most one thread drives it: the one that starts it, later the one that ends it. This
 * class decides who that is. Thread-safe; no I/O under its lock.
 */
final class NodeKernel {

    /** Where a kernel stands. */
    enum Stage {
        /** Known from a note; its runtime was not asked yet. */
        UNCONFIRMED,
        /** The starting thread drives it. */
        STARTING,
        /**
         * The end of an earlier process of the agent cut its start in two. Nothing runs, its devices are kept, nobody drives
         * it: managers, who were told nothing, ask for the start once more.
         */
        BROKEN_OFF,
        /** Nobody drives it; its exit is watched. */
        RUNNING,
        /** The ending thread drives it. */
        ENDING,
        /** Nothing is left of it. */
        ENDED
    }

    /** What is still to be told to managers, in this order. */
    enum News {
        RUNNING,
        ENDED
    }

    /** What a thread that wants to end a kernel, or saw it end, has to do. */
    enum Next {
        /** Nothing: another thread does it. */
        NOTHING,
        /** Break off the wait for the driver, so that the starting thread sees it and ends the kernel. */
        WAKE_STARTER,
        /** End it: the caller drives the kernel now. */
        END,
        /** It has ended; tell so again. */
        TELL,
        /** Try later: its runtime was not asked yet. */
        RETRY
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<KernelExit> exited = new CompletableFuture<>();
    // guarded by lock
    private final Set<News> news = EnumSet.noneOf(News.class);
    private Stage stage;
    private @Nullable DestroyKernel endRequest;
    private KernelNote note;

    NodeKernel(KernelNote note, Stage stage) {
        this.note = note;
        this.stage = stage;
    }

    /**
     * Begins a restart: this one counts as ended, without a word to managers, and its successor is in its place.
     *
     * @return the successor, STARTING; empty unless it runs, or was being restarted when that was broken off
     */
    Optional<NodeKernel> restart(long round) {
        lock.lock();
        try {
            return stage == Stage.RUNNING || (stage == Stage.BROKEN_OFF && note.round() > 0)
                    ? Optional.of(giveWayTo(note.restarting(round)))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a start anew that was broken off, like {@link #restart}.
     *
     * @return the successor, STARTING, with the same devices; empty if no first start of it was broken off
     */
    Optional<NodeKernel> startAnew(SessionId session, PluginId runtime) {
        lock.lock();
        try {
            return stage == Stage.BROKEN_OFF && note.round() == 0
                    ? Optional.of(giveWayTo(KernelNote.starting(note.kernel(), session, runtime, note.allocations())))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Called under the lock. */
    private NodeKernel giveWayTo(KernelNote successor) {
        stage = Stage.ENDED;
        news.clear();
        return new NodeKernel(successor, Stage.STARTING);
    }

    KernelId id() {
        return note().kernel();
    }

    PluginId runtime() {
        return note().runtime();
    }

    KernelNote note() {
        lock.lock();
        try {
            return note;
        } finally {
            lock.unlock();
        }
    }

    /** Replaces what is known; only by the thread that drives the kernel. */
    void note(KernelNote next) {
        lock.lock();
        try {
            note = next;
        } finally {
            lock.unlock();
        }
    }

    Stage stage() {
        lock.lock();
        try {
            return stage;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the end. */
    Next requestEnd(DestroyKernel request) {
        lock.lock();
        try {
            return switch (stage) {
                case UNCONFIRMED -> Next.RETRY;
                case STARTING -> {
                    if (endRequest == null) {
                        endRequest = request;
                    }
                    yield Next.WAKE_STARTER;
                }
                case RUNNING, BROKEN_OFF -> {
                    stage = Stage.ENDING;
                    endRequest = request;
                    yield Next.END;
                }
                case ENDING -> Next.NOTHING;
                case ENDED -> {
                    news.add(News.ENDED);
                    yield Next.TELL;
                }
            };
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the container's main program ended. */
    Next exited(KernelExit exit) {
        lock.lock();
        try {
            exited.complete(exit);
            return switch (stage) {
                case STARTING -> Next.WAKE_STARTER;
                case RUNNING -> {
                    stage = Stage.ENDING;
                    yield Next.END;
                }
                case UNCONFIRMED, BROKEN_OFF, ENDING, ENDED -> Next.NOTHING;
            };
        } finally {
            lock.unlock();
        }
    }

    /** Completes when the container's main program ended. */
    CompletableFuture<KernelExit> exit() {
        return exited;
    }

    Optional<DestroyKernel> endRequest() {
        lock.lock();
        try {
            return Optional.ofNullable(endRequest);
        } finally {
            lock.unlock();
        }
    }

    /** From UNCONFIRMED: the caller drives the kernel now, on the way to a stage. */
    void confirm(Stage next) {
        lock.lock();
        try {
            if (stage == Stage.UNCONFIRMED) {
                stage = next;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * From STARTING to RUNNING, by the starting thread.
     *
     * @return false if its end was asked for or it exited meanwhile; the caller must end it
     */
    boolean becomeRunning() {
        lock.lock();
        try {
            if (endRequest != null || exited.isDone()) {
                return false;
            }
            stage = Stage.RUNNING;
            news.add(News.RUNNING);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * From STARTING to BROKEN_OFF, by the starting thread, when nothing is left that runs.
     *
     * @return false if its end was asked for meanwhile; the caller must end it
     */
    boolean becomeBrokenOff() {
        lock.lock();
        try {
            if (endRequest != null) {
                return false;
            }
            stage = Stage.BROKEN_OFF;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** From STARTING to ENDING, by the starting thread. */
    void beginEnding() {
        lock.lock();
        try {
            stage = Stage.ENDING;
        } finally {
            lock.unlock();
        }
    }

    /** From ENDING to ENDED, by the ending thread. */
    void becomeEnded() {
        lock.lock();
        try {
            stage = Stage.ENDED;
            news.add(News.ENDED);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the present state be told once more. */
    void tellAgain() {
        lock.lock();
        try {
            if (stage == Stage.RUNNING) {
                news.add(News.RUNNING);
            } else if (stage == Stage.ENDED) {
                news.add(News.ENDED);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is to be told next; what comes while it is told is told after it. */
    Optional<News> takeNews() {
        lock.lock();
        try {
            var next = news.stream().findFirst();
            next.ifPresent(news::remove);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what could not be told. */
    void keepNews(News what) {
        lock.lock();
        try {
            news.add(what);
        } finally {
            lock.unlock();
        }
    }

    KernelReport report() {
        lock.lock();
        try {
            var phase = switch (stage) {
                case UNCONFIRMED, STARTING, BROKEN_OFF ->
                    endRequest == null ? KernelReport.Phase.STARTING : KernelReport.Phase.ENDING;
                case RUNNING -> KernelReport.Phase.RUNNING;
                case ENDING -> KernelReport.Phase.ENDING;
                case ENDED -> KernelReport.Phase.ENDED;
            };
            return new KernelReport(
                    note.kernel(),
                    note.session(),
                    phase,
                    note.containerId(),
                    note.servicePorts(),
                    note.allocations(),
                    stage == Stage.ENDED ? note.exit() : null);
        } finally {
            lock.unlock();
        }
    }
}
