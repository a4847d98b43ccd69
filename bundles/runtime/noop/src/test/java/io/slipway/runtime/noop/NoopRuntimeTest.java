package io.slipway.runtime.noop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.ResourceLimits;
import io.slipway.runtime.testkit.KernelRuntimeContract;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoopRuntimeTest extends KernelRuntimeContract {

    @TempDir
    private Path folder;

    @Override
    protected RuntimeFixture newFixture() {
        return new RuntimeFixture() {
            @Override
            public KernelRuntime open() throws IOException {
                return new NoopRuntime(folder, ImageRef.DEFAULT_ARCHITECTURE);
            }

            @Override
            public KernelSpec spec(KernelId kernel, List<String> command) {
                return new KernelSpec(
                        kernel,
                        Map.of("io.slipway.kernel", kernel.toString()),
                        ImageRef.parse("noop/noop:latest", ImageRef.DEFAULT_ARCHITECTURE),
                        command,
                        Map.of(),
                        "main1",
                        folder,
                        List.of(),
                        List.of(),
                        new ResourceLimits(BigDecimal.ONE, List.of(), 1 << 20, 10, 0));
            }

            @Override
            public List<String> leftovers() throws IOException {
                try (var files = Files.list(folder)) {
                    return files.map(Path::toString).toList();
                }
            }

            @Override
            public void close() {
                // the folder goes with the test
            }
        };
    }

    @Test
    void saysThatItsKernelsCarryNoDriver() {
        assertFalse(runtime().traits().carriesDriver());
    }

    @Test
    void findsThatItsFolderIsGone() throws Exception {
        var gone = folder.resolve("gone");
        var runtime = new NoopRuntime(gone, ImageRef.DEFAULT_ARCHITECTURE);
        assertEquals(List.of(), runtime.selfCheck());
        Files.delete(gone);
        assertEquals(List.of(gone + " is not there or cannot be written"), runtime.selfCheck());
    }

    @Test
    void twoVersionsBesideEachOtherSeeTheSame() throws Exception {
        var old = runtime();
        var successor = new NoopRuntime(folder, ImageRef.DEFAULT_ARCHITECTURE);
        var kernel = started(ENDLESS);
        assertEquals(
                List.of(kernel),
                successor.list().stream().map(owned -> owned.kernel()).toList());
        successor.stop(kernel, Duration.ZERO);
        assertTrue(old.awaitExit(kernel, Duration.ofMillis(1)).isPresent());
        old.remove(kernel);
        assertEquals(List.of(), successor.list());
    }

    @Test
    void aFileThatMakesNoSenseDoesNotHideTheOthers() throws Exception {
        var kernel = started(ENDLESS);
        Files.writeString(folder.resolve("odd.json"), "{");

        restart();

        assertEquals(
                List.of(kernel),
                runtime().list().stream().map(owned -> owned.kernel()).toList());
    }
}
