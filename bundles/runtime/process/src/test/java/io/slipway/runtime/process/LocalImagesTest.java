package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelSpec.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalImagesTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ProcessFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ProcessFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private LocalImages images() {
        return new LocalImages(fixture.settings().images(), "x86_64");
    }

    private Path image(String name) {
        return fixture.settings().images().resolve(name);
    }

    @Test
    void thePythonOfTheNodeIsAnImage() throws Exception {
        var python = images().find(ImageRef.parse("local/python:3", "x86_64"))
                .orElseThrow()
                .installed();

        assertTrue(python.hasPython());
        assertTrue(python.digest().startsWith("host:python3"), python.digest());
        assertEquals("python", python.labels().get("ai.backend.runtime-type"));
        assertEquals(python, images().all().getFirst().installed());
    }

    @Test
    void foldersWithARootFileSystemAreImages() throws Exception {
        Files.createDirectories(image("alpine/bin"));
        Files.createDirectories(image("science/1.0/usr/bin"));
        Files.writeString(image("science/1.0/usr/bin/python3"), "");
        Files.createDirectories(image("science/2.0/bin"));
        Files.createDirectories(image("empty/nothing"));
        Files.createDirectories(image("Bad Name/bin"));
        Files.writeString(
                image("science/1.0.json"),
                "{\"labels\":{\"role\":\"COMPUTE\"},\"digest\":\"sha256:1\",\"sizeBytes\":12,\"command\":[\"/init\"],\"x\":1}");
        Files.writeString(image("alpine.json"), "not json");

        var names = images().all().stream()
                .map(image -> image.installed().ref().canonical())
                .toList();

        assertEquals(List.of("local/python:3", "local/alpine:latest", "local/science:1.0", "local/science:2.0"), names);
        var science =
                images().find(ImageRef.parse("local/science:1.0", "x86_64")).orElseThrow();
        assertEquals(Map.of("role", "COMPUTE"), science.installed().labels());
        assertEquals("sha256:1", science.installed().digest());
        assertEquals(12, science.installed().sizeBytes());
        assertEquals(List.of("/init"), science.command());
        assertTrue(science.installed().hasPython());
        assertFalse(images().find(ImageRef.parse("local/alpine:latest", "x86_64"))
                .orElseThrow()
                .installed()
                .hasPython());
    }

    @Test
    void anotherContentIsAnotherDigest() throws Exception {
        Files.createDirectories(image("alpine/bin"));
        var before = images().all().getLast().installed().digest();

        Files.setLastModifiedTime(image("alpine"), FileTime.fromMillis(1_000));

        assertNotEquals(before, images().all().getLast().installed().digest());
    }

    @Test
    void otherRegistriesAndArchitecturesAreNotHere() throws Exception {
        assertTrue(images().find(ImageRef.parse("hub/python:3", "x86_64")).isEmpty());
        assertTrue(images().find(ImageRef.parse("local/python:3", "aarch64")).isEmpty());
    }

    /** The root lies where only the server's user can go, as below a root-run server's own home. */
    @Test
    void aKernelRunsInItsRootFileSystemAndSeesNothingElse() throws Exception {
        TinyRoot.make(image("tiny"));
        Files.setPosixFilePermissions(fixture.folder().resolve("home"), PosixFilePermissions.fromString("rwx------"));
        var hidden = Files.createDirectories(fixture.folder().resolve("home/hidden folder"));
        Files.writeString(hidden.resolve("file"), "mounted\n");
        var runtime = fixture.open();
        var ref = ((ImageStore) runtime).images().getLast().ref();
        var base = fixture.spec(
                new KernelId(UUID.randomUUID()),
                List.of(
                        "/bin/sh",
                        "-c",
                        "{ cat /etc/issue; cat /opt/tool; cat /opt/driver/file; cat /srv/data/file; id -un; id -u; ls /; "
                                + "cat /etc/hosts; touch /opt/driver/x || echo read-only; touch /etc/x || echo read-only; } >out"));
        var spec = new KernelSpec(
                base.kernel(),
                base.labels(),
                ref,
                base.command(),
                Map.of(),
                "tiny1",
                base.homeFolder(),
                List.of(
                        new Mount(hidden, "/opt/driver", true),
                        new Mount(hidden, "/srv/data", true),
                        new Mount(hidden, "/run/driver", true)),
                List.of(),
                base.limits());

        runtime.create(spec, LIMIT);
        runtime.start(spec.kernel(), LIMIT);

        assertEquals(0, runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow().exitCode());
        var out = Files.readString(spec.homeFolder().resolve("out"));
        assertTrue(out.startsWith("tiny\na tool\nmounted\nmounted\nwork\n1000\nbin\ndev\netc\nhome\n"), out);
        assertTrue(out.contains("127.0.1.1 tiny1\n"), out);
        assertTrue(out.endsWith("read-only\nread-only\n"), out);
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }
}
