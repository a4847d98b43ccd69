package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelExec.Command;
import io.slipway.runtime.spi.KernelExec.TerminalSize;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.testkit.KernelAbilitiesContract;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The further abilities of containers, on a real engine. */
class AbilitiesTest extends KernelAbilitiesContract {

    @Override
    protected RuntimeFixture newFixture() throws IOException, InterruptedException {
        return new DockerFixture();
    }

    private DockerRuntime docker() {
        return (DockerRuntime) runtime();
    }

    private DockerFixture own() {
        return (DockerFixture) fixture();
    }

    private KernelId run(KernelSpec spec) throws KernelRuntimeException {
        runtime().create(spec, LIMIT);
        runtime().start(spec.kernel(), LIMIT);
        return spec.kernel();
    }

    private static Command command(String script) {
        return new Command(List.of("/bin/sh", "-c", script), Map.of("EXTRA", "more"), null);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Runs a shell line in a kernel and returns what it wrote. */
    private String sh(KernelId kernel, String script) throws Exception {
        try (var running = docker().exec(kernel, command(script), LIMIT)) {
            running.input().close();
            var out = text(running.output().readAllBytes())
                    + text(running.errors().readAllBytes());
            assertTrue(running.awaitExit(LIMIT).isPresent());
            return out.strip();
        }
    }

    @Test
    void runsAFurtherProgram() throws Exception {
        var kernel = started(ENDLESS);

        try (var running =
                docker().exec(kernel, command("read x; echo $x $EXTRA; echo bad >&2; id -u; exit 7"), LIMIT)) {
            running.input().write("hello\n".getBytes(StandardCharsets.UTF_8));

            assertEquals("hello more\n1000\n", text(running.output().readAllBytes()));
            assertEquals("bad\n", text(running.errors().readAllBytes()));
            assertEquals(Optional.of(7), running.awaitExit(LIMIT));
        }
    }

    @Test
    void aTerminalHasASizeThatChanges() throws Exception {
        var kernel = started(ENDLESS);
        var words = List.of("/bin/sh", "-c", "read a; stty size; read b; stty size");

        try (var running = docker().exec(kernel, new Command(words, Map.of(), new TerminalSize(90, 30)), LIMIT)) {
            running.input().write('\n');
            var seen = new StringBuilder();
            while (!seen.toString().contains("30 90")) {
                seen.append((char) running.output().read());
            }
            running.resize(new TerminalSize(132, 43));
            running.input().write('\n');

            assertTrue(text(running.output().readAllBytes()).contains("43 132"));
            assertEquals(Optional.of(0), running.awaitExit(LIMIT));
            running.resize(new TerminalSize(80, 25));
        }
    }

    @Test
    void movesFilesWithinTheirCap() throws Exception {
        var kernel = started(ENDLESS);
        sh(kernel, "echo content >/tmp/x; head -c 300000 /dev/zero >/home/work/big; ln -s / /home/work/out");
        var archive = new ByteArrayOutputStream();

        docker().read(kernel, "/home/work/big", 400_000, archive, LIMIT);
        docker().write(kernel, "/home/work", new ByteArrayInputStream(archive.toByteArray()), 400_000, LIMIT);

        assertTrue(archive.size() > 300_000);
        var tooMuch = assertThrows(
                KernelRuntimeException.class,
                () -> docker().read(kernel, "/home/work/big", 1_000, new ByteArrayOutputStream(), LIMIT));
        assertTrue(tooMuch.getMessage().contains("1000 bytes"), tooMuch.getMessage());
        assertThrows(
                KernelRuntimeException.class,
                () -> docker().write(
                                kernel, "/home/work", new ByteArrayInputStream(archive.toByteArray()), 1_000, LIMIT));
        assertThrows(
                KernelRuntimeException.class,
                () -> docker().read(kernel, "/no/such", 1_000, new ByteArrayOutputStream(), LIMIT));
        assertThrows(
                KernelRuntimeException.class,
                () -> docker().read(kernel, "../etc/passwd", 1_000, new ByteArrayOutputStream(), LIMIT));
    }

    @Test
    void pathsNeverLeadOutOfTheKernel() throws Exception {
        var secret = Files.writeString(Path.of("/etc/slipway-docker-test-secret"), "of the node");
        try {
            var kernel = started(ENDLESS);
            sh(kernel, "ln -s /etc/slipway-docker-test-secret l; ln -s ../../../../../../etc up");
            for (var path : List.of(
                    "/home/work/../../../../../../etc/slipway-docker-test-secret",
                    "/home/work/up/slipway-docker-test-secret")) {
                assertThrows(
                        KernelRuntimeException.class,
                        () -> docker().read(kernel, path, 10_000, new ByteArrayOutputStream(), LIMIT));
            }
            var link = new ByteArrayOutputStream();
            docker().read(kernel, "/home/work/l", 10_000, link, LIMIT);
            assertFalse(link.toString(StandardCharsets.UTF_8).contains("of the node"));
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void reachesAPortOfAKernelWithoutANetwork() throws Exception {
        var kernel = started(List.of("/bin/sh", "-c", "echo answer | nc -l -p 8080; exec sleep 1000"));
        sh(kernel, "until cat /proc/net/tcp /proc/net/tcp6 | grep -q 1F90; do sleep 0.05; done");
        try (var channel = docker().connect(kernel, 8080, LIMIT)) {
            channel.write(ByteBuffer.wrap("hi\n".getBytes(StandardCharsets.UTF_8)));
            var buffer = ByteBuffer.allocate(7);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                assertTrue(channel.isOpen());
            }
            assertArrayEquals("answer\n".getBytes(StandardCharsets.UTF_8), buffer.array());
        }
        assertThrows(KernelRuntimeException.class, () -> docker().connect(kernel, 8081, LIMIT));
    }

    @Test
    void makesAnImageOfAKernel() throws Exception {
        var kernel = started(ENDLESS);
        docker().write(kernel, "/etc", new ByteArrayInputStream(hostnameArchive(kernel)), 100_000, LIMIT);
        var target = DockerFixture.image("committed");

        var image = docker().commit(kernel, target, Map.of("made", "yes"), LIMIT);

        assertEquals(target, image.ref());
        assertEquals("yes", image.labels().get("made"));
        assertEquals("/bin/sh", image.shell());
        docker().remove(target, LIMIT);
        docker().remove(target, LIMIT);
        assertEquals(Optional.empty(), docker().image(target, LIMIT));
    }

    private byte[] hostnameArchive(KernelId kernel) throws KernelRuntimeException {
        var archive = new ByteArrayOutputStream();
        docker().read(kernel, "/etc/group", 100_000, archive, LIMIT);
        return archive.toByteArray();
    }

    @Test
    void findsTheInterpretersOfImages() throws Exception {
        assertEquals(
                "/usr/bin/python3",
                docker().image(DockerFixture.image("python"), LIMIT)
                        .orElseThrow()
                        .python());
        assertEquals(
                "/usr/local/bin/python3",
                docker().image(DockerFixture.image("local"), LIMIT)
                        .orElseThrow()
                        .python());
        var busybox = docker().image(DockerFixture.BUSYBOX, LIMIT).orElseThrow();
        assertFalse(busybox.hasPython());
        assertEquals("/bin/sh", busybox.shell());
        assertEquals("", own().engine().docker("ps", "-aq", "--filter", "label=" + EngineImages.PROBE));
    }

    @Test
    void anImagesOwnWordsDoNotCount() throws Exception {
        var script = "env | sort >part; mv part out; exec sleep 1000";
        var spec = own().spec(newId(), DockerFixture.image("hostile"), List.of("/bin/sh", "-c", script));
        var kernel = run(spec);

        assertEquals("1000 1000 /home/work", sh(kernel, "echo $(id -u) $(id -g) $(pwd)"));
        var seen = sh(kernel, "until [ -f out ]; do sleep 0.05; done; cat out");
        for (var name : List.of("LD_PRELOAD", "PYTHON", "BASH_ENV", "SLIPWAY_KERNEL_ID")) {
            assertFalse(seen.contains(name), seen);
        }
        assertTrue(seen.contains("HOME=/home/work") && seen.contains("/usr/bin"), seen);
    }

    @Test
    void kernelsHaveNoPowerOverTheNode() throws Exception {
        var kernel = started(ENDLESS);

        assertEquals("0000000000000000", sh(kernel, "grep CapBnd /proc/1/status | cut -f2"));
        assertEquals("1", sh(kernel, "grep NoNewPrivs /proc/self/status | cut -f2"));
        assertEquals("2", sh(kernel, "grep Seccomp: /proc/self/status | cut -f2"));
        assertEquals("lo", sh(kernel, "ls /sys/class/net"));
        assertTrue(sh(kernel, "mknod /tmp/m b 8 0").contains("not permitted"));
        var inspected = own().engine().docker("inspect", "-f", "{{json .HostConfig}}", ContainerNames.of(kernel));
        assertTrue(inspected.contains("\"Memory\":67108864,"), inspected);
        assertTrue(inspected.contains("\"PidsLimit\":64"), inspected);
        assertTrue(inspected.contains("\"NanoCpus\":1500000000"), inspected);
        assertTrue(inspected.contains("\"max-size\":\"32k\""), inspected);
        assertTrue(inspected.contains("\"Privileged\":false"), inspected);
    }

    @Test
    void foldersThatRuleTheNodeAreRefused() throws Exception {
        var socket = own().engine().socket();
        var folders = Stream.of(
                        "/", "/var", "/var/lib", "/home", "/usr", "/boot", "/etc/ssh", "/proc/sys", "/tmp/../etc")
                .map(Path::of);
        for (var path :
                Stream.concat(folders, Stream.of(socket, socket.getParent())).toList()) {
            refuses(List.of(new KernelSpec.Mount(path, "/data", true)), List.of());
        }
        assertEquals(List.of(), runtime().list());
    }

    @Test
    void memoryAndDisksOfTheNodeAreRefused() throws Exception {
        refuses(List.of(), List.of(new KernelSpec.Device("/dev/mem", "/dev/mem")));
        try (var devices = Files.list(Path.of("/dev"))) {
            for (var disk : devices.filter(
                            file -> file.getFileName().toString().matches("(vd[a-z]|sd[a-z]|loop[0-9]).*"))
                    .toList()) {
                if (!Files.isDirectory(disk)) {
                    refuses(List.of(), List.of(new KernelSpec.Device(disk.toString(), "/dev/disk")));
                }
            }
        }
        assertEquals(List.of(), runtime().list());
    }

    private void refuses(List<KernelSpec.Mount> mounts, List<KernelSpec.Device> devices) throws Exception {
        var base = own().spec(newId(), ENDLESS);
        var bad = new KernelSpec(
                base.kernel(),
                base.labels(),
                base.image(),
                base.command(),
                base.environment(),
                base.hostname(),
                base.homeFolder(),
                mounts,
                devices,
                base.limits());
        assertThrows(KernelRuntimeException.class, () -> runtime().create(bad, LIMIT), mounts + " " + devices);
    }

    @Test
    void tooMuchMemoryIsToldAsSuch() throws Exception {
        var kernel = started(List.of("/bin/sh", "-c", "exec tail /dev/zero"));

        assertEquals(ExitReason.OUT_OF_MEMORY, exitOf(kernel).reason());
    }

    @Test
    void aHangingEngineIsToldWithinTheLimit() throws Exception {
        own().engine().freeze(true);
        try {
            var begin = System.nanoTime();
            assertThrows(
                    KernelRuntimeException.class, () -> docker().image(DockerFixture.BUSYBOX, Duration.ofMillis(500)));
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(5).toNanos());
            assertFalse(docker().traits().canRun());
        } finally {
            own().engine().freeze(false);
        }
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!docker().traits().canRun()) {
            assertTrue(System.nanoTime() < end, docker().traits().status());
            Thread.sleep(50);
        }
    }
}
