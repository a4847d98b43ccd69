package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens files in homes on platform threads, a few at once per kernel. A program in a kernel can put a pipe in the place of
 * a file just when it is opened; the thread then waits as long as the program likes. That costs the caller its limit, the
 * kernel one of its turns, and no other kernel anything. Thread-safe.
 */
final class HomeCalls {

    private static final Logger LOG = LoggerFactory.getLogger(HomeCalls.class);
    private static final int AT_ONCE = 4;

    private final Duration limit;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("slipway-agent-files-", 0).factory());
    private final ConcurrentMap<KernelId, Lane> lanes = new ConcurrentHashMap<>();

    HomeCalls(Duration limit) {
        this.limit = limit;
    }

    /** The turns of a kernel; how many use it changes only under the map's lock of its key. */
    private static final class Lane {
        private final Semaphore turns = new Semaphore(AT_ONCE);
        private int users;
    }

    /**
     * Something to do in a home.
     *
     * @param <T> what comes out; closed if nobody waits for it any more
     */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does it, or says why not in words that name no folder of the node. */
    <T> T call(KernelId kernel, Work<T> work) throws AgentException {
        var end = Deadline.in(limit);
        var lane = enter(kernel);
        if (!isTurn(lane, end)) {
            leave(kernel);
            throw new AgentException(Reason.TIMEOUT, AT_ONCE + " file operations of this kernel hang already");
        }
        return await(start(kernel, lane, work), end);
    }

    private <T> CompletableFuture<T> start(KernelId kernel, Lane lane, Work<T> work) {
        var result = new CompletableFuture<T>();
        threads.execute(() -> {
            try {
                run(work, result);
            } finally {
                lane.turns.release();
                leave(kernel);
            }
        });
        return result;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the caller must learn of every failure
    private static <T> void run(Work<T> work, CompletableFuture<T> result) {
        try {
            var value = work.run();
            if (!result.complete(value) && value instanceof AutoCloseable late) {
                late.close();
            }
        } catch (Exception e) {
            if (!result.completeExceptionally(e)) {
                LOG.debug("A file operation that nobody waits for failed", e);
            }
        }
    }

    private <T> T await(CompletableFuture<T> result, Deadline end) throws AgentException {
        try {
            return result.get(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            result.completeExceptionally(e);
            throw new AgentException(Reason.TIMEOUT, "no answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            result.completeExceptionally(e);
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.UNREACHABLE, "the agent stops", e);
        }
    }

    /** Returns what to tell the caller; the path on the node is none of its business. */
    static AgentException failure(Throwable cause) {
        return switch (cause) {
            case RefusedPathException refused ->
                new AgentException(Reason.INVALID_INPUT, String.valueOf(refused.getMessage()), refused);
            case NoSuchFileException missing ->
                new AgentException(Reason.INVALID_INPUT, "there is no such file or folder", missing);
            case DirectoryIteratorException broken when broken.getCause() != null -> failure(broken.getCause());
            case FileSystemException failed ->
                new AgentException(
                        Reason.FAILED,
                        failed.getReason() == null ? failed.getClass().getSimpleName() : failed.getReason(),
                        failed);
            case IOException failed -> new AgentException(Reason.FAILED, String.valueOf(failed.getMessage()), failed);
            default -> new AgentException(Reason.FAILED, "internal failure: " + cause, cause);
        };
    }

    private boolean isTurn(Lane lane, Deadline end) {
        try {
            return lane.turns.tryAcquire(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Lane enter(KernelId kernel) {
        return lanes.compute(kernel, (id, known) -> {
            var lane = known == null ? new Lane() : known;
            lane.users++;
            return lane;
        });
    }

    private void leave(KernelId kernel) {
        lanes.computeIfPresent(kernel, (id, lane) -> --lane.users == 0 ? null : lane);
    }
}
