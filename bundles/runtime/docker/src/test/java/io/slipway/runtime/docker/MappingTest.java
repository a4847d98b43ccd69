package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.docker.DockerSettings.Bounds;
import io.slipway.runtime.docker.KernelUsers.User;
import io.slipway.runtime.spi.ImageStore.PullProgress;
import io.slipway.runtime.spi.KernelStats.Transfer;
import io.slipway.runtime.spi.KernelStats.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no engine. */
class MappingTest {

    private static final String NETWORK = "Inter-|   Receive                 |  Transmit\n"
            + " face |bytes    packets errs drop fifo frame compressed multicast|bytes packets\n"
            + "    lo:    5000      7    0    0    0     0          0         0     5000      7\n"
            + "  eth0:    1000      7    0    0    0     0          0         0      200      7\n"
            + "  eth1:100 7 0 0 0 0 0 0 20 7\n";

    @TempDir
    private Path folder;

    @Test
    void shortNamesOfImagesNameTheirRegistry() {
        var expected = Map.of(
                "busybox:1", "docker.io/library/busybox:1",
                "test/py:3", "docker.io/test/py:3",
                "localhost/a/b:1", "localhost/a/b:1",
                "registry.example:5000/a:1", "registry.example:5000/a:1");
        expected.forEach((listed, canonical) ->
                assertEquals(Optional.of(ImageRef.parse(canonical, "x86_64")), ImageNames.read(listed, "x86_64")));
        assertEquals(Optional.empty(), ImageNames.read("<none>:<none>", "x86_64"));
    }

    @Test
    void theKernelsVariablesWinAndHostileOnesGo() {
        var lines = ImageEnvironment.merge(
                Map.of("A", "kernel"),
                List.of("A=image", "B=kept", "LD_PRELOAD=/evil.so", "PYTHONPATH=/evil", "PATH=/opt/x/bin:relative"));

        assertTrue(lines.contains("A=kernel") && lines.contains("HOME=/home/work"), lines.toString());
        assertTrue(lines.contains("LD_PRELOAD") && lines.contains("PYTHONPATH"), lines.toString());
        assertTrue(
                lines.contains("PATH=/opt/x/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                lines.toString());
        assertFalse(lines.toString().contains("B="), "the engine keeps it");
    }

    @Test
    void namesTellTheKernelAndItsAskedEnd() {
        var kernel = new KernelId(UUID.randomUUID());

        assertEquals(Optional.of(kernel), ContainerNames.kernel("/" + ContainerNames.of(kernel)));
        assertEquals(Optional.of(kernel), ContainerNames.kernel("/" + ContainerNames.ofEnded(kernel)));
        assertTrue(ContainerNames.isEndAskedFor("/" + ContainerNames.ofEnded(kernel)));
        assertFalse(ContainerNames.isEndAskedFor("/" + ContainerNames.of(kernel)));
        assertEquals(Optional.empty(), ContainerNames.kernel("/somebody"));
        var labels = Map.of("a", "b\n\"c\"");
        assertEquals(
                labels, ContainerNames.read(Map.of(ContainerNames.LABELS, ContainerNames.write(labels), "x", "y")));
    }

    @Test
    void endsHaveReasons() {
        assertEquals(
                ExitReason.SELF_TERMINATED,
                ContainerExits.exit(false, false, 0, "").reason());
        assertEquals(
                ExitReason.SELF_TERMINATED,
                ContainerExits.exit(false, false, 255, "").reason());
        assertEquals(
                ExitReason.SIGNAL, ContainerExits.exit(false, false, 139, "").reason());
        assertEquals(
                ExitReason.OUT_OF_MEMORY,
                ContainerExits.exit(false, true, 137, "").reason());
        assertEquals(
                ExitReason.USER_REQUESTED,
                ContainerExits.exit(true, false, 137, "").reason());
    }

    @Test
    void anErrorInsideThePullStreamIsKept() throws IOException {
        var json = new ObjectMapper();
        var meter = new EngineImages.PullMeter();
        meter.onNext(json.readValue(
                "{\"status\":\"Downloading\",\"id\":\"a\",\"progressDetail\":{\"current\":3,\"total\":10}}",
                PullResponseItem.class));
        assertEquals(new PullProgress(3, 10), meter.progress());
        assertEquals("", meter.error());
        meter.onNext(json.readValue(
                "{\"errorDetail\":{\"message\":\"no basic auth\"},\"error\":\"no basic auth\"}",
                PullResponseItem.class));
        assertEquals("no basic auth", meter.error());
    }

    @Test
    void theEnginesWordsComeWithoutTheirWrapping() {
        assertEquals(
                "No such \"x\"",
                Engine.words(new DockerException("Status 404: {\"message\":\"No such \\\"x\\\"\"}\n", 404)));
        assertEquals("Status 500: plain", Engine.words(new DockerException("plain", 500)));
    }

    @Test
    void controlGroupsOfTheFirstVersionAreRead() throws IOException {
        file(
                "proc/mounts",
                "cgroup /cg/memory cgroup rw,memory 0 0\ncgroup /cg/cpu cgroup rw,cpu,cpuacct 0 0\n"
                        + "cgroup /cg/pids cgroup rw,pids 0 0\ncgroup2 /cg/unified cgroup2 rw 0 0\n");
        file("proc/7/cgroup", "9:pids:/t/abc\n4:memory:/t/abc\n2:cpu,cpuacct:/t/abc\n0::/\n");
        file("cg/memory/t/abc/memory.usage_in_bytes", "5000000\n");
        file("cg/memory/t/abc/memory.max_usage_in_bytes", "6000000\n");
        file("cg/memory/t/abc/memory.stat", "cache 1\ntotal_inactive_file 1000000\n");
        file("cg/cpu/t/abc/cpuacct.usage", "2500000000\n");
        file("cg/pids/t/abc/pids.current", "3\n");

        file("proc/7/net/dev", NETWORK);

        var plain = new Usage(2_500, 4_000_000, 6_000_000, 3);
        assertEquals(plain.moving(Transfer.NONE, new Transfer(1_100, 220)), new GroupMeter(folder).usage(7));
        file("proc/mounts", Files.readString(folder.resolve("proc/mounts")) + "cgroup /cg/blkio cgroup rw,blkio 0 0\n");
        file("proc/7/cgroup", Files.readString(folder.resolve("proc/7/cgroup")) + "3:blkio:/t/abc\n");
        file(
                "cg/blkio/t/abc/blkio.throttle.io_service_bytes_recursive",
                "8:0 Read 10\n8:0 Write 20\n8:0 Sync 30\n8:16 Read 1\nTotal 31\n");
        assertEquals(plain.moving(new Transfer(11, 20), new Transfer(1_100, 220)), new GroupMeter(folder).usage(7));
        assertTrue(new GroupMeter(folder).isOf(7, "abc"));
        assertFalse(new GroupMeter(folder).isOf(7, "other"));
        assertFalse(new GroupMeter(folder).isOf(8, "abc"));
    }

    @Test
    void controlGroupsOfTheSecondVersionAreRead() throws IOException {
        file("proc/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        file("proc/7/cgroup", "0::/system.slice/docker-abc.scope\n");
        var group = "sys/fs/cgroup/system.slice/docker-abc.scope/";
        file(group + "memory.current", "5000000\n");
        file(group + "memory.stat", "anon 1\ninactive_file 1000000\n");
        file(group + "cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
        file(group + "pids.current", "3\n");

        file("proc/7/net/dev", NETWORK);
        file(group + "io.stat", "8:0 rbytes=10 wbytes=20 rios=1 wios=1\n8:16 rbytes=1 wbytes=2\n");

        var usage = new Usage(2_500, 4_000_000, 4_000_000, 3);
        assertEquals(usage.moving(new Transfer(11, 22), new Transfer(1_100, 220)), new GroupMeter(folder).usage(7));
        file(group + "memory.peak", "6000000\n");
        assertEquals(6_000_000, new GroupMeter(folder).usage(7).memoryPeakBytes());
        assertThrows(IOException.class, () -> new GroupMeter(folder).usage(8));
    }

    private void file(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void anInstallationWithoutAnEngineIsNotDisturbed() throws Exception {
        var runtime = new DockerRuntime(new DockerSettings(
                true,
                "unix://" + folder.resolve("none.sock"),
                "",
                false,
                "owner",
                folder.resolve("docker/used"),
                new KernelUsers.Same(new User(1_000, 1_000), false),
                new Bounds(64, 64, 64)));

        assertEquals(List.of(), runtime.list());
        assertEquals(List.of(), runtime.images());
        assertFalse(runtime.traits().canRun());
        assertTrue(
                runtime.traits().status().startsWith("no engine"),
                runtime.traits().status());
        runtime.stop();
    }
}
