package io.slipway.runtime.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.KernelCommit;
import io.slipway.runtime.spi.KernelExec;
import io.slipway.runtime.spi.KernelFiles;
import io.slipway.runtime.spi.KernelPorts;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What the further abilities of a runtime promise, for runtimes whose kernels run real programs and have {@code /bin/sh}.
 * An ability that the runtime does not implement is not asked for.
 */
public abstract class KernelAbilitiesContract extends RuntimeTestCase {

    private static final long MOST_BYTES = 1 << 20;

    /** For subclasses. */
    protected KernelAbilitiesContract() {}

    private static KernelExec.Command shell(String script) {
        return new KernelExec.Command(List.of("/bin/sh", "-c", script), Map.of("EXTRA", "more"), null);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aFurtherProgramHasStreamsVariablesAndAnExitStatus() throws Exception {
        if (!(runtime() instanceof KernelExec exec)) {
            return;
        }
        var kernel = started(ENDLESS);
        try (var running = exec.exec(kernel, shell("read x; echo $x $EXTRA; echo bad >&2; exit 7"), LIMIT)) {
            running.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
            running.input().flush();

            assertEquals("hello more\n", text(running.output().readAllBytes()));
            assertEquals("bad\n", text(running.errors().readAllBytes()));
            assertEquals(Optional.of(7), running.awaitExit(LIMIT));
        }
    }

    @Test
    void theWaitForAFurtherProgramEndsAtItsLimit() throws Exception {
        if (!(runtime() instanceof KernelExec exec)) {
            return;
        }
        var kernel = started(ENDLESS);
        try (var running = exec.exec(kernel, shell("exec sleep 1000"), LIMIT)) {
            assertEquals(Optional.empty(), running.awaitExit(Duration.ofMillis(100)));
        }
    }

    @Test
    void nothingRunsInAKernelThatDoesNot() throws Exception {
        if (!(runtime() instanceof KernelExec exec)) {
            return;
        }
        var created = created(ENDLESS);
        for (var kernel : List.of(created, newId())) {
            assertThrows(
                    KernelRuntimeException.class,
                    () -> exec.exec(kernel, shell("true"), LIMIT).close());
        }
    }

    @Test
    void filesComeBackAsTheyWere() throws Exception {
        if (!(runtime() instanceof KernelFiles files)) {
            return;
        }
        var first = started(List.of("/bin/sh", "-c", "echo content >x; echo >ready; exec sleep 1000"));
        var archive = new ByteArrayOutputStream();
        ProgramRuntimeContract.await("the file is there", () -> canRead(files, first));
        files.read(first, "/home/work/x", MOST_BYTES, archive, LIMIT);

        var second = started(ENDLESS);
        files.write(second, "/home/work", new ByteArrayInputStream(archive.toByteArray()), MOST_BYTES, LIMIT);
        var again = new ByteArrayOutputStream();
        files.read(second, "/home/work/x", MOST_BYTES, again, LIMIT);

        assertTrue(text(again.toByteArray()).contains("content\n"), text(again.toByteArray()));
        assertThrows(
                KernelRuntimeException.class,
                () -> files.read(second, "/home/work/x", 100, new ByteArrayOutputStream(), LIMIT));
        assertThrows(
                KernelRuntimeException.class,
                () -> files.read(second, "/no/such", MOST_BYTES, new ByteArrayOutputStream(), LIMIT));
        assertThrows(
                KernelRuntimeException.class,
                () -> files.read(newId(), "/home/work/x", MOST_BYTES, new ByteArrayOutputStream(), LIMIT));
    }

    private boolean canRead(KernelFiles files, KernelId kernel) {
        try {
            files.read(kernel, "/home/work/ready", MOST_BYTES, new ByteArrayOutputStream(), LIMIT);
            return true;
        } catch (KernelRuntimeException e) {
            return e.getMessage() == null; // every failure has a message
        }
    }

    @Test
    void aPortThatNobodyListensOnIsRefused() throws Exception {
        if (!(runtime() instanceof KernelPorts ports)) {
            return;
        }
        var kernel = started(ENDLESS);
        for (var target : List.of(kernel, newId())) {
            assertThrows(
                    KernelRuntimeException.class,
                    () -> ports.connect(target, 8_081, LIMIT).close());
        }
    }

    @Test
    void anImageOfAKernelCanBeStarted() throws Exception {
        if (!(runtime() instanceof KernelCommit commit && runtime() instanceof ImageStore store)) {
            return;
        }
        var kernel = started(ENDLESS);
        var base = fixture().spec(newId(), List.of("/bin/sh", "-c", "exit 3"));
        var target = new ImageRef(
                base.image().registry(),
                base.image().name() + "-made",
                "1",
                base.image().architecture());
        var made = commit.commit(kernel, target, Map.of("made", "yes"), LIMIT);
        try {
            assertEquals(target, made.ref());
            assertEquals("yes", made.labels().get("made"));
            assertEquals(Optional.of(made), store.image(target, LIMIT));
            assertEquals(
                    3,
                    exitOf(run(with(base, target, base.command(), List.of()))).exitCode());
        } finally {
            runtime().remove(base.kernel());
            store.remove(target, LIMIT);
        }
        store.remove(target, LIMIT);
        assertEquals(Optional.empty(), store.image(target, LIMIT));
    }

    @Test
    void aPullThatFailsSaysWhatItWas() {
        if (!(runtime() instanceof ImageStore store)) {
            return;
        }
        var image = ImageRef.parse("127.0.0.1:9/no/such:1", ImageRef.DEFAULT_ARCHITECTURE);

        var error = assertThrows(KernelRuntimeException.class, () -> store.pull(image, LIMIT, progress -> {}));

        assertTrue(String.valueOf(error.getMessage()).contains("127.0.0.1:9"), error.toString());
    }

    @Test
    void interpretersOfAnImageAreWhereItSays() throws Exception {
        if (!(runtime() instanceof ImageStore store)) {
            return;
        }
        var image = store.image(fixture().spec(newId(), ENDLESS).image(), LIMIT).orElseThrow();
        if (image.shell() != null) {
            var spec = fixture().spec(newId(), List.of(image.shell(), "-c", "exit 9"));
            assertEquals(9, exitOf(run(spec)).exitCode());
        }
        if (image.python() != null) {
            var spec = fixture().spec(newId(), List.of(image.python(), "-c", "raise SystemExit(9)"));
            assertEquals(9, exitOf(run(spec)).exitCode());
        }
    }

    @Test
    void aDeviceThatIsMissingIsNamedAndLeavesNothing() throws Exception {
        var base = fixture().spec(newId(), ENDLESS);
        var bad = with(
                base, base.image(), base.command(), List.of(new KernelSpec.Device("/dev/no-such", "/dev/no-such")));

        var error = assertThrows(KernelRuntimeException.class, () -> run(bad));

        assertFalse(String.valueOf(error.getMessage()).isBlank());
        assertTrue(error.toString().contains("evice") || error.toString().contains("/dev/no-such"), error.toString());
        runtime().remove(base.kernel());
        assertEquals(List.of(), fixture().leftovers());
    }

    private KernelId run(KernelSpec spec) throws KernelRuntimeException {
        runtime().create(spec, LIMIT);
        runtime().start(spec.kernel(), LIMIT);
        return spec.kernel();
    }

    private static KernelSpec with(
            KernelSpec base, ImageRef image, List<String> command, List<KernelSpec.Device> devices) {
        return new KernelSpec(
                base.kernel(),
                base.labels(),
                image,
                command,
                base.environment(),
                base.hostname(),
                base.homeFolder(),
                base.mounts(),
                devices,
                base.limits());
    }
}
