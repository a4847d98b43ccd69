package io.slipway.runtime.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Gives every test a fixture and a runtime of its own, and the steps that most tests take. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RuntimeTestCase {

    /** Enough for any step on a busy machine. */
    protected static final Duration LIMIT = Duration.ofSeconds(20);

    /** A main program that runs until it is ended. */
    protected static final List<String> ENDLESS = List.of("/bin/sh", "-c", "exec sleep 1000");

    private @Nullable RuntimeFixture fixture;
    private @Nullable KernelRuntime runtime;

    /** For subclasses. */
    protected RuntimeTestCase() {}

    /**
     * Makes a fixture; called once for each test.
     *
     * @throws Exception if it cannot be made; the test fails
     */
    protected abstract RuntimeFixture newFixture() throws Exception;

    /** Returns the runtime of this test, as of the last {@link #restart}. */
    protected final KernelRuntime runtime() {
        return Objects.requireNonNull(runtime, "not open");
    }

    /** Returns the fixture of this test. */
    protected final RuntimeFixture fixture() {
        return Objects.requireNonNull(fixture, "not open");
    }

    @BeforeEach
    final void open() throws Exception {
        fixture = newFixture();
        runtime = fixture().open();
    }

    @AfterEach
    final void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /**
     * Goes on with a new object over the same state, as after a restart of the agent's process.
     *
     * @throws Exception if the fixture cannot make one
     */
    protected final void restart() throws Exception {
        runtime = fixture().open();
    }

    /** Returns a new id. */
    protected static KernelId newId() {
        return new KernelId(UUID.randomUUID());
    }

    /**
     * Creates a kernel.
     *
     * @throws Exception if it cannot be created
     */
    protected final KernelId created(List<String> command) throws Exception {
        var kernel = newId();
        runtime().create(fixture().spec(kernel, command), LIMIT);
        return kernel;
    }

    /**
     * Creates and starts a kernel.
     *
     * @throws Exception if it does not run
     */
    protected final KernelId started(List<String> command) throws Exception {
        var kernel = created(command);
        runtime().start(kernel, LIMIT);
        return kernel;
    }

    /**
     * Returns a kernel as the runtime lists it, empty if it does not.
     *
     * @throws KernelRuntimeException if the runtime cannot list
     */
    protected final Optional<OwnedKernel> listed(KernelId kernel) throws KernelRuntimeException {
        var found = runtime().list().stream()
                .filter(owned -> owned.kernel().equals(kernel))
                .toList();
        assertTrue(found.size() <= 1, "listed twice: " + found);
        return found.stream().findFirst();
    }

    /**
     * Returns the state of a kernel that must be listed.
     *
     * @throws KernelRuntimeException if the runtime cannot list
     */
    protected final State state(KernelId kernel) throws KernelRuntimeException {
        return listed(kernel)
                .orElseThrow(() -> new AssertionError(kernel + " is not listed"))
                .state();
    }

    /**
     * Returns how a kernel ended.
     *
     * @throws KernelRuntimeException if it cannot be watched
     */
    protected final KernelExit exitOf(KernelId kernel) throws KernelRuntimeException {
        return runtime().awaitExit(kernel, LIMIT).orElseThrow(() -> new AssertionError(kernel + " does not end"));
    }
}
