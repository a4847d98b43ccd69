package ${package};

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime does. */
class FileRuntimeTest extends KernelRuntimeContract {

    @TempDir
    private Path folder;

    @Override
    protected RuntimeFixture newFixture() {
        return new Fixture(folder);
    }

    static KernelSpec spec(ImageRef image, KernelId kernel, Path home, List<String> command) {
        var labels = Map.of("io.slipway.kernel", kernel.toString());
        var limits = new ResourceLimits(BigDecimal.ONE, List.of(), 1 << 20, 10, 0);
        return new KernelSpec(
                kernel, labels, image, command, Map.of(), "main1", home, List.of(), List.of(), limits);
    }

    private record Fixture(Path folder) implements RuntimeFixture {

        @Override
        public KernelRuntime open() throws IOException {
            return new FileRuntime(folder);
        }

        @Override
        public KernelSpec spec(KernelId kernel, List<String> command) throws IOException {
            var image = new FileRuntime(folder).images().getFirst();
            return FileRuntimeTest.spec(image.ref(), kernel, folder, command);
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
    }
}
