package io.slipway.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.Closeable;
import java.io.IOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the engine that containers end, on one line for all of them: a kernel that runs costs nothing. When the line
 * breaks, everybody who waits is woken and has to look. Thread-safe.
 */
final class EndSignals {

    private static final Logger LOG = LoggerFactory.getLogger(EndSignals.class);
    /** An engine answers before it listens; what came in between is told because it is asked for since a little earlier. */
    private static final Duration OVERLAP = Duration.ofSeconds(10);
    /** A line may be dead and nobody has told: a look as seldom as that costs nothing. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Engine engine;
    private final DockerSettings settings;
    private final EngineAbsence absence;
    private final InstantSource clock;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Line current;

    EndSignals(Engine engine, DockerSettings settings, EngineAbsence absence, InstantSource clock) {
        this.engine = engine;
        this.settings = settings;
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
            try {
                engine.call("line for ends of kernels", Engine.SHORT, client -> {
                    client.eventsCmd()
                            .withSince(
                                    Long.toString(clock.instant().minus(OVERLAP).getEpochSecond()))
                            .withEventTypeFilter("container")
                            .withEventFilter("die", "destroy")
                            .withLabelFilter(Map.of(ContainerNames.OWNER, settings.owner()))
                            .exec(fresh);
                    return fresh.awaitOpen();
                });
            } catch (KernelRuntimeException e) {
                fresh.close();
                throw e;
            }
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

    /** Hangs up; whoever waits is woken. */
    void close() {
        var line = current;
        if (line != null) {
            line.close();
        }
    }

    /** One line, from its opening until it breaks. */
    private final class Line implements ResultCallback<Event> {

        private final ConcurrentMap<KernelId, Signal> signals = new ConcurrentHashMap<>();
        private final CountDownLatch opened = new CountDownLatch(1);
        private volatile @Nullable Closeable stream;
        private volatile @Nullable Throwable failure;
        private volatile boolean isOver;

        Line awaitOpen() throws InterruptedException, IOException {
            opened.await();
            var known = failure;
            if (known != null) {
                throw new IOException(known);
            }
            return this;
        }

        @Override
        public void onStart(Closeable started) {
            stream = started;
            opened.countDown();
            if (isOver) {
                close();
            }
        }

        @Override
        public void onNext(Event event) {
            kernel(event).map(signals::remove).ifPresent(Signal::raise);
        }

        private static Optional<KernelId> kernel(Event event) {
            var actor = event.getActor();
            var attributes = actor == null ? null : actor.getAttributes();
            var name = attributes == null ? null : attributes.get("name");
            return name == null ? Optional.empty() : ContainerNames.kernel(name);
        }

        @Override
        public void onComplete() {
            breaks("the engine hung up");
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            breaks(cause.toString());
        }

        private void breaks(String reason) {
            if (!isOver && opened.getCount() == 0) {
                LOG.info("The engine at {} is heard no longer: {}", settings.host(), reason);
                absence.begins();
            }
            end();
        }

        private void end() {
            isOver = true;
            opened.countDown();
            signals.values().forEach(Signal::raise);
        }

        @Override
        public void close() {
            end();
            var known = stream;
            try {
                if (known != null) {
                    known.close();
                }
            } catch (IOException e) {
                LOG.debug("A line to the engine was not closed cleanly", e);
            }
        }
    }
}
