package io.slipway.runtime.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KernelRuntime} promises, whatever its kernels are: identity, idempotent steps, unknown kernels, limits,
 * finding kernels again after a restart, nothing left behind. Runtimes whose kernels run real programs extend
 * {@link ProgramRuntimeContract}, which asks for more.
 */
public abstract class KernelRuntimeContract extends RuntimeTestCase {

    /** For subclasses. */
    protected KernelRuntimeContract() {}

    private void assertGone(KernelId kernel) throws Exception {
        assertEquals(Optional.empty(), listed(kernel));
        assertEquals(List.of(), fixture().leftovers());
    }

    @Test
    void saysWhatItIs() {
        var traits = runtime().traits();

        assertTrue(traits.canRun(), traits.status());
        assertFalse(traits.status().isBlank());
        assertFalse(traits.registries().isEmpty());
    }

    @Test
    void aNewInstallationHasNoKernels() throws Exception {
        assertEquals(List.of(), runtime().list());
    }

    @Test
    void aCreatedKernelIsListedWithItsLabels() throws Exception {
        var kernel = newId();
        var spec = fixture().spec(kernel, ENDLESS);
        runtime().create(spec, LIMIT);

        var owned = listed(kernel).orElseThrow();

        assertEquals(State.CREATED, owned.state());
        assertEquals(spec.labels(), owned.labels());
        assertFalse(owned.containerId().isBlank());
        assertNull(owned.exit());
    }

    @Test
    void creatingOnceMoreChangesNothing() throws Exception {
        var kernel = newId();
        var spec = fixture().spec(kernel, ENDLESS);
        runtime().create(spec, LIMIT);
        var first = listed(kernel);

        runtime().create(spec, LIMIT);
        assertEquals(first, listed(kernel));

        runtime().start(kernel, LIMIT);
        runtime().create(spec, LIMIT);
        assertEquals(State.RUNNING, state(kernel));
    }

    @Test
    void startingOnceMoreChangesNothing() throws Exception {
        var kernel = created(ENDLESS);

        var first = runtime().start(kernel, LIMIT);
        var second = runtime().start(kernel, LIMIT);

        assertEquals(State.RUNNING, first.state());
        assertEquals(first, second);
        assertEquals(Optional.of(first), listed(kernel));
    }

    @Test
    void aKernelGoesAllItsWayAndLeavesNothing() throws Exception {
        var kernel = started(ENDLESS);

        runtime().stop(kernel, Duration.ZERO);

        var owned = listed(kernel).orElseThrow();
        assertEquals(State.EXITED, owned.state());
        assertNotNull(owned.exit());
        assertEquals(owned.exit(), exitOf(kernel));
        runtime().remove(kernel);
        assertGone(kernel);
    }

    @Test
    void endingAndRemovingMayBeRepeated() throws Exception {
        var kernel = started(ENDLESS);

        runtime().stop(kernel, Duration.ZERO);
        runtime().stop(kernel, Duration.ofSeconds(5));
        runtime().remove(kernel);
        runtime().remove(kernel);
        runtime().stop(kernel, Duration.ofSeconds(5));

        assertGone(kernel);
    }

    @Test
    void aKernelThatWasNeverStartedIsRemoved() throws Exception {
        var kernel = created(ENDLESS);

        runtime().stop(kernel, Duration.ofSeconds(5));
        runtime().remove(kernel);

        assertGone(kernel);
    }

    @Test
    void aRunningKernelIsNotRemoved() throws Exception {
        var kernel = started(ENDLESS);

        assertThrows(KernelRuntimeException.class, () -> runtime().remove(kernel));

        assertEquals(State.RUNNING, state(kernel));
    }

    @Test
    void anIdThatWasRemovedCanBeUsedAgain() throws Exception {
        var kernel = newId();
        var spec = fixture().spec(kernel, ENDLESS);
        for (var round = 0; round < 2; round++) {
            runtime().create(spec, LIMIT);
            runtime().start(kernel, LIMIT);
            runtime().stop(kernel, Duration.ZERO);
            runtime().remove(kernel);
        }
        assertGone(kernel);
    }

    @Test
    void unknownKernels() throws Exception {
        var nobody = newId();

        assertThrows(KernelRuntimeException.class, () -> runtime().start(nobody, LIMIT));
        assertThrows(KernelRuntimeException.class, () -> runtime().awaitExit(nobody, Duration.ofMillis(10)));
        runtime().stop(nobody, Duration.ZERO);
        runtime().remove(nobody);
        assertGone(nobody);
    }

    @Test
    void anUnknownImageIsRefusedAndLeavesNothing() throws Exception {
        if (!(runtime() instanceof ImageStore store)) {
            return;
        }
        var kernel = newId();
        var good = fixture().spec(kernel, ENDLESS);
        var missing = new ImageRef(good.image().registry(), "no-such-image", "1", ImageRef.DEFAULT_ARCHITECTURE);
        var bad = new KernelSpec(
                kernel,
                good.labels(),
                missing,
                good.command(),
                good.environment(),
                good.hostname(),
                good.homeFolder(),
                good.mounts(),
                good.devices(),
                good.limits());

        var error = assertThrows(KernelRuntimeException.class, () -> runtime().create(bad, LIMIT));

        assertTrue(error.toString().contains("no-such-image"), error.toString());
        assertEquals(Optional.empty(), store.image(missing, LIMIT));
        assertGone(kernel);
    }

    @Test
    void theImageOfItsKernelsIsListed() throws Exception {
        if (!(runtime() instanceof ImageStore store)) {
            return;
        }
        var image = fixture().spec(newId(), ENDLESS).image();

        var found = store.image(image, LIMIT).orElseThrow();

        assertEquals(image, found.ref());
        assertFalse(found.digest().isBlank());
        assertTrue(runtime().traits().registries().contains(image.registry()));
        assertTrue(store.images().contains(found));
    }

    @Test
    void waitingEndsAtItsLimit() throws Exception {
        var kernel = started(ENDLESS);
        var begin = System.nanoTime();

        assertEquals(Optional.empty(), runtime().awaitExit(kernel, Duration.ofMillis(200)));

        var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis >= 150 && millis < 5_000, "waited " + millis + " ms");
        assertEquals(Optional.empty(), runtime().awaitExit(kernel, Duration.ZERO));
    }

    @Test
    void waitingCanBeInterrupted() throws Exception {
        var kernel = started(ENDLESS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> runtime().awaitExit(kernel, LIMIT.multipliedBy(3)));
            assertFalse(waiting.isDone());
            threads.shutdownNow();
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> assertTrue(threads.awaitTermination(5, TimeUnit.SECONDS)));
        }
        assertEquals(State.RUNNING, state(kernel));
    }

    /**
     * An agent that stops interrupts its calls. Each does its work or fails in words, soon; what it leaves is cleared away by
     * the same call once more.
     */
    @Test
    void everyStepMayBeInterrupted() throws Exception {
        var made = newId();
        var spec = fixture().spec(made, ENDLESS);
        interrupted(() -> runtime().create(spec, LIMIT));
        untilItWorks(() -> runtime().create(spec, LIMIT));
        assertEquals(State.CREATED, state(made));

        interrupted(() -> runtime().start(made, LIMIT));
        clear(made);

        var running = started(ENDLESS);
        interrupted(() -> runtime().stop(running, Duration.ZERO));
        untilItWorks(() -> runtime().stop(running, Duration.ZERO));
        assertEquals(State.EXITED, state(running));

        interrupted(() -> runtime().remove(running));
        clear(running);

        var other = started(ENDLESS);
        assertEquals(State.RUNNING, state(other));
        clear(other);
    }

    /** A call of a runtime. */
    private interface Step {
        void run() throws Exception;
    }

    /** Takes a step on a thread that is interrupted before, and stays so whatever comes of it. */
    private static void interrupted(Step step) throws Exception {
        var isKept = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            try {
                step.run();
            } catch (KernelRuntimeException e) {
                assertFalse(String.valueOf(e.getMessage()).isBlank(), "it says nothing");
            }
            return Thread.currentThread().isInterrupted();
        });
        Thread.ofVirtual().start(isKept);
        assertTrue(isKept.get(LIMIT.toSeconds(), TimeUnit.SECONDS), "the thread is interrupted no longer");
    }

    /** What was interrupted may still be under way in an engine, which refuses a second call about the same meanwhile. */
    private static void untilItWorks(Step step) throws Exception {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                step.run();
                return;
            } catch (KernelRuntimeException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    private void clear(KernelId kernel) throws Exception {
        untilItWorks(() -> {
            runtime().stop(kernel, Duration.ZERO);
            runtime().remove(kernel);
        });
        assertGone(kernel);
    }

    @Test
    void whoeverWaitsIsToldOfTheEndAtOnce() throws Exception {
        var kernel = started(ENDLESS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> exitOf(kernel));
            var second = threads.submit(() -> exitOf(kernel));

            runtime().stop(kernel, Duration.ZERO);

            assertEquals(first.get(3, TimeUnit.SECONDS), second.get(3, TimeUnit.SECONDS));
        }
    }

    @Test
    void kernelsOfAnEarlierProcessAreFoundAgain() throws Exception {
        var created = created(ENDLESS);
        var running = started(ENDLESS);
        var ended = started(ENDLESS);
        runtime().stop(ended, Duration.ZERO);
        var before = List.of(listed(created), listed(running), listed(ended));

        restart();

        assertEquals(before, List.of(listed(created), listed(running), listed(ended)));
        assertEquals(State.CREATED, state(created));
        assertEquals(State.RUNNING, state(running));
        assertEquals(State.EXITED, state(ended));
    }

    @Test
    void kernelsOfAnEarlierProcessGoOn() throws Exception {
        var created = created(ENDLESS);
        var running = started(ENDLESS);

        restart();

        runtime().start(created, LIMIT);
        assertEquals(State.RUNNING, runtime().start(running, LIMIT).state());
        assertEquals(Optional.empty(), runtime().awaitExit(running, Duration.ofMillis(50)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> exitOf(running));
            runtime().stop(running, Duration.ZERO);
            assertNotNull(waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
        runtime().stop(created, Duration.ZERO);
        runtime().remove(created);
        runtime().remove(running);
        assertGone(created);
        assertGone(running);
    }

    @Test
    void differentKernelsAreHandledAtTheSameTime() throws Exception {
        var jobs = new ArrayList<Callable<KernelId>>();
        for (var i = 0; i < 8; i++) {
            jobs.add(() -> {
                var kernel = started(ENDLESS);
                assertEquals(State.RUNNING, state(kernel));
                runtime().stop(kernel, Duration.ZERO);
                runtime().remove(kernel);
                return kernel;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(jobs)) {
                done.get();
            }
        }
        assertEquals(List.of(), runtime().list());
        assertEquals(List.of(), fixture().leftovers());
    }
}
