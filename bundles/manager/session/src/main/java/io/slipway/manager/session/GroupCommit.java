package io.slipway.manager.session;

import io.slipway.manager.api.Outbox;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores transitions of many sessions in one transaction while they queue up: one thread writes what has gathered while
 * the transaction before was being made durable. A lone transition waits for nobody.
 */
@Component(service = Transitions.class)
public final class GroupCommit implements Transitions {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int BATCH = 400;
    private static final int QUEUE = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final SessionStore store;
    private final Outbox outbox;
    private final SessionWatch watch;
    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Thread writer =
            Thread.ofPlatform().daemon().name("slipway-session-writer").unstarted(this::run);
    private volatile boolean isStopped;

    private record Job(List<Transition> chain, CompletableFuture<List<TransitionResult>> results) {}

    /** Used by the component runtime. */
    @Activate
    public GroupCommit(@Reference SessionStore store, @Reference Outbox outbox, @Reference SessionWatch watch) {
        this.store = store;
        this.outbox = outbox;
        this.watch = watch;
    }

    @Activate
    void start() {
        writer.start();
    }

    @Deactivate
    void stop() {
        isStopped = true;
        // no interrupt: it could hit the writer within a file operation of an embedded database and close that
        var wake = queue.offer(new Job(List.of(), new CompletableFuture<>()));
        LOG.debug("Writer woken to stop: {}", wake);
        try {
            if (!writer.join(STOP_PATIENCE)) {
                LOG.warn("Transitions still being stored {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseWaiting();
    }

    @Override
    public List<TransitionResult> apply(List<Transition> chain) {
        var job = new Job(List.copyOf(chain), new CompletableFuture<>());
        try {
            if (isStopped || !queue.offer(job, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SlipwayException(FailureCode.UNAVAILABLE, "too many changes of sessions wait to be stored");
            }
            if (isStopped) {
                refuseWaiting(); // came in while the writer ended
            }
            return job.results().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the change of a session was interrupted", e);
        } catch (TimeoutException e) {
            throw unavailable("the change of a session was not stored within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlipwayException failure) {
                throw new SlipwayException(failure.code(), String.valueOf(failure.getMessage()), failure.data(), e);
            }
            throw new SlipwayException(
                    FailureCode.INTERNAL, "the change of a session could not be stored", Map.of(), e);
        }
    }

    private static SlipwayException unavailable(String message, Exception cause) {
        return new SlipwayException(FailureCode.UNAVAILABLE, message, Map.of(), cause);
    }

    private void refuseWaiting() {
        var waiting = new ArrayList<Job>();
        queue.drainTo(waiting);
        waiting.forEach(job -> job.results()
                .completeExceptionally(new SlipwayException(FailureCode.UNAVAILABLE, "the manager is stopping")));
    }

    private void run() {
        var carry = new ArrayList<Job>();
        while (!isStopped) {
            try {
                carry.add(queue.take());
            } catch (InterruptedException e) {
                LOG.error("Writer of transitions was interrupted; nothing is stored any more", e);
                return;
            }
            while (!carry.isEmpty() && !isStopped) {
                queue.drainTo(carry, BATCH);
                write(nextBatch(carry));
            }
        }
    }

    /** Takes as many jobs from the front as fit into one call of the store. */
    private static List<Job> nextBatch(List<Job> carry) {
        var batch = new ArrayList<Job>();
        int size = 0;
        while (!carry.isEmpty()
                && (batch.isEmpty() || size + carry.getFirst().chain().size() <= BATCH)) {
            size += carry.getFirst().chain().size();
            batch.add(carry.removeFirst());
        }
        return batch;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the failure goes to whoever waits for the result
    private void write(List<Job> batch) {
        try {
            var results = store.applyAll(
                    batch.stream().flatMap(job -> job.chain().stream()).toList());
            complete(batch, results);
        } catch (RuntimeException e) {
            if (batch.size() == 1 || isUnavailable(e)) {
                batch.forEach(job -> job.results().completeExceptionally(e));
            } else {
                LOG.warn("Storing {} changes at once failed, trying each on its own", batch.size(), e);
                batch.forEach(job -> write(List.of(job)));
            }
        }
    }

    private static boolean isUnavailable(RuntimeException e) {
        return e instanceof SlipwayException failure && failure.code() == FailureCode.UNAVAILABLE;
    }

    private void complete(List<Job> batch, List<TransitionResult> results) {
        outbox.wake();
        int from = 0;
        for (var job : batch) {
            var part = results.subList(from, from + job.chain().size());
            from += job.chain().size();
            job.results().complete(List.copyOf(part));
            part.forEach(this::announce);
        }
    }

    private void announce(TransitionResult result) {
        if (result instanceof TransitionResult.Applied applied) {
            watch.changed(applied.session());
        }
    }
}
