package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelSpec.Mount;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node where no sandbox can be made: bubblewrap is looked for in an empty folder. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WithoutIsolationTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ProcessFixture fixture;

    private ProcessRuntime open(boolean allowUnisolated) throws Exception {
        fixture = new ProcessFixture(settings -> new ProcessSettings(
                settings.kernels(),
                settings.images(),
                settings.isRoot(),
                allowUnisolated,
                false,
                settings.bounds(),
                settings.uids()));
        var runtime =
                new ProcessRuntime(fixture.settings(), List.of(fixture.folder().toString()));
        runtime.start();
        return runtime;
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void kernelsAreRefusedAndTheCureIsNamed() throws Exception {
        var runtime = open(false);
        var spec = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/true"));

        var traits = runtime.traits();

        assertFalse(traits.canRun());
        assertTrue(traits.status().contains("apt-get install bubblewrap"), traits.status());
        assertEquals(List.of(traits.status()), runtime.selfCheck());
        var error = assertThrows(KernelRuntimeException.class, () -> runtime.create(spec, LIMIT));
        assertTrue(error.getMessage().contains("apt-get install bubblewrap"), error.getMessage());
        assertEquals(List.of(), runtime.list());
        assertEquals(List.of(), fixture.leftovers());
        runtime.stop();
    }

    @Test
    void whoAllowsItRunsThemBare() throws Exception {
        var runtime = open(true);
        var driver = Files.createDirectories(fixture.folder().resolve("driver"));
        Files.writeString(driver.resolve("launch"), "#!/bin/sh\n");
        var base = fixture.spec(
                new KernelId(UUID.randomUUID()),
                List.of(
                        "/bin/sh",
                        "-c",
                        "echo $GREETING $HOME >out; echo $DRIVER $1 >>out; trap 'exit 3' TERM; sleep 1000 & echo >ready; wait",
                        "sh",
                        "/opt/driver/launch"));
        var spec = new KernelSpec(
                base.kernel(),
                base.labels(),
                base.image(),
                base.command(),
                Map.of("GREETING", "it's me", "DRIVER", "/opt/driver"),
                "main1",
                base.homeFolder(),
                List.of(new Mount(driver, "/opt/driver", true)),
                List.of(),
                base.limits());

        assertTrue(runtime.traits().canRun());
        assertTrue(
                runtime.traits().status().contains("not isolated"),
                runtime.traits().status());
        runtime.create(spec, LIMIT);
        runtime.start(spec.kernel(), LIMIT);
        await(spec, "ready");
        assertEquals(
                "it's me " + spec.homeFolder() + "\n" + driver + " " + driver + "/launch\n",
                Files.readString(spec.homeFolder().resolve("out")));
        assertTrue(runtime.usage(spec.kernel()).memoryBytes() > 0);

        runtime.stop(spec.kernel(), Duration.ofSeconds(5));

        var exit = runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow();
        assertEquals(3, exit.exitCode());
        assertEquals(ExitReason.USER_REQUESTED, exit.reason());
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
        runtime.stop();
    }

    private static void await(KernelSpec spec, String name) throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(spec.homeFolder().resolve(name))) {
            assertTrue(System.nanoTime() < deadline, name + " does not come");
            Thread.sleep(5);
        }
    }
}
