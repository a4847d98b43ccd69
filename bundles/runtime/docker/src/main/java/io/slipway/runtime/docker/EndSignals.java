package io.slipway.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hears from the engine that containers end, on one line for all of them: a kernel that runs costs nothing. When the line
 * breaks, everybody who waits is woken and has to look. Thread-safe.
 */
final class EndSignals {

    /** An engine answers before it listens; what came in between is told because it is asked for since a little earlier. */
    private static final Duration OVERLAP = Duration.ofSeconds(10);
    /** A line may be dead and nobody has told: a look as seldom as that costs nothing. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Engine engine;
    private final String owner;
    private final EngineAbsence absence;
    private final InstantSource clock;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Line current;

    EndSignals(Engine engine, String owner, EngineAbsence absence, InstantSource clock) {
        this.engine = engine;
        this.owner = owner;
        this.absence = absence;
        this.clock = clock;
    }

    /** Returns the signal of a kernel, the same until it is raised or forgotten. */
    Signal of(KernelId kernel) throws KernelRuntimeException {
        var line = open();
        var signal = line.signals.computeIfAbsent(kernel, key -> new Signal());
        if (line.isOver) {
            signal.raise();
        }
        return signal;
    }

    /** Waits for no kernel of this id any longer. */
    void forget(KernelId kernel) {
        var line = current;
        if (line != null) {
            line.signals.remove(kernel);
        }
    }

    private Line open() throws KernelRuntimeException {
        var line = current;
        if (line != null && !line.isOver) {
            return line;
        }
        opening.lock();
        try {
            var known = current;
            if (known != null && !known.isOver) {
                return known;
            }
            var fresh = new Line();
            engine.call("line for ends of kernels", Engine.SHORT, client -> {
                client.eventsCmd()
                        .withSince(Long.toString(clock.instant().minus(OVERLAP).getEpochSecond()))
                        .withEventTypeFilter("container")
                        .withEventFilter("die", "destroy")
                        .withLabelFilter(Map.of(ContainerNames.OWNER, owner))
                        .exec(fresh);
                return fresh.awaitStarted();
            });
            absence.isOver();
            current = fresh;
            return fresh;
        } finally {
            opening.unlock();
        }
    }

    /** Something may have happened to a kernel. */
    static final class Signal {

        private final CountDownLatch raised = new CountDownLatch(1);
        private volatile long lookedAt = System.nanoTime() - LOOK_NANOS;

        /** Returns whether nobody has looked at the kernel since the signal is there, or not for long. */
        boolean needsLook() {
            return System.nanoTime() - lookedAt >= LOOK_NANOS;
        }

        void looked() {
            lookedAt = System.nanoTime();
        }

        private void raise() {
            raised.countDown();
        }

        boolean await(long nanos) throws InterruptedException {
            return raised.await(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One line, from its opening until it breaks. */
    private final class Line extends ResultCallback.Adapter<Event> {

        private final ConcurrentMap<KernelId, Signal> signals = new ConcurrentHashMap<>();
        private volatile boolean isOver;

        @Override
        public void onNext(Event event) {
            kernel(event).map(signals::remove).ifPresent(Signal::raise);
        }

        private static Optional<KernelId> kernel(Event event) {
            var actor = event.getActor();
            var name = actor == null || actor.getAttributes() == null
                    ? null
                    : actor.getAttributes().get("name");
            return name == null ? Optional.empty() : ContainerNames.kernel(name);
        }

        @Override
        public void onComplete() {
            end();
            super.onComplete();
        }

        @Override
        public void onError(Throwable failure) {
            end();
            super.onError(failure);
        }

        private void end() {
            if (!isOver) {
                isOver = true;
                absence.begins();
            }
            signals.values().forEach(Signal::raise);
        }
    }
}
