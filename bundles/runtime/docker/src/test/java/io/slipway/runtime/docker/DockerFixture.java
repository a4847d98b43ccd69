package io.slipway.runtime.docker;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.docker.DockerSettings.Bounds;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.ResourceLimits;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An installation with kernels on the tests' engine. */
final class DockerFixture implements RuntimeFixture {

    static final ImageRef BUSYBOX = image("busybox");

    private final TestEngine engine;
    private final Path folder;
    private final List<DockerRuntime> opened = new ArrayList<>();

    DockerFixture() throws IOException, InterruptedException {
        engine = TestEngine.get();
        folder = Files.createTempDirectory("slipway-docker-test");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    static ImageRef image(String name) {
        return ImageRef.parse("docker.io/test/" + name + ":1", ImageNames.architecture(System.getProperty("os.arch")));
    }

    Path folder() {
        return folder;
    }

    TestEngine engine() {
        return engine;
    }

    DockerSettings settings() {
        return new DockerSettings(
                true,
                "unix://" + engine.socket(),
                "",
                false,
                SettingsReader.shortName(folder),
                folder.resolve("docker/used"),
                new KernelUsers.Same(new KernelUsers.User(1_000, 1_000), true),
                new Bounds(1_024, 64, 64));
    }

    @Override
    public DockerRuntime open() {
        var runtime = new DockerRuntime(settings());
        opened.add(runtime);
        return runtime;
    }

    @Override
    public KernelSpec spec(KernelId kernel, List<String> command) throws IOException {
        return spec(kernel, BUSYBOX, command);
    }

    KernelSpec spec(KernelId kernel, ImageRef image, List<String> command) throws IOException {
        return new KernelSpec(
                kernel,
                Map.of("io.slipway.kernel", kernel.toString(), "odd", "a\nb=\"c\" 'd'"),
                image,
                command,
                Map.of(),
                "main1",
                Files.createDirectories(folder.resolve("homes").resolve(kernel.toString())),
                List.of(),
                List.of(),
                new ResourceLimits(new BigDecimal("1.5"), List.of(), 64 << 20, 64, 0));
    }

    @Override
    public List<String> leftovers() throws IOException, InterruptedException {
        var known = settings().owner();
        return engine.docker("ps", "-aq", "--filter", "label=" + ContainerNames.OWNER + "=" + known)
                .lines()
                .toList();
    }

    @Override
    public void close() throws Exception {
        var last = open();
        for (var owned : last.list()) {
            last.stop(owned.kernel(), Duration.ZERO);
            last.remove(owned.kernel());
        }
        for (var runtime : opened) {
            runtime.stop();
        }
        // what kernels made is theirs, with modes of their own choice
        TestEngine.run(List.of("rm", "-rf", "--one-file-system", folder.toString()));
    }
}
