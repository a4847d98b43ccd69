package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelStats.Usage;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first version of control groups is tried on the running machine, by other tests too. The second version is tried on a
 * recorded tree: plain files with what a machine of that kind shows, which prove what we write and read, not what the
 * operating system makes of it.
 */
class ControlGroupsTest {

    private static final KernelId KERNEL = new KernelId(UUID.randomUUID());
    private static final ResourceLimits LIMITS =
            new ResourceLimits(new BigDecimal("1.5"), List.of(3, 1), 512L << 20, 100, 0);

    @TempDir
    private Path folder;

    private void file(String path, String content) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.writeString(folder.resolve(path), content);
    }

    private String text(String path) throws IOException {
        return Files.readString(folder.resolve(path));
    }

    private ControlGroups recordedSecondVersion() throws IOException {
        for (var group : List.of("", "slipway/", "slipway/abc/")) {
            file(group + "cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
            file(group + "cgroup.subtree_control", "cpuset cpu memory pids\n");
        }
        var group = "slipway/abc/" + KERNEL + "/";
        file(group + "cgroup.procs", "101\n102\n");
        file(group + "cgroup.kill", "");
        file(group + "memory.max", "max\n");
        file(group + "memory.swap.max", "max\n");
        file(group + "memory.current", "104857600\n");
        file(group + "memory.peak", "209715200\n");
        file(group + "memory.stat", "anon 83886080\nfile 20971520\ninactive_anon 1\ninactive_file 10485760\n");
        file(group + "memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n");
        file(group + "cpu.max", "max 100000\n");
        file(group + "cpu.stat", "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\nnr_periods 0\n");
        file(group + "cpuset.cpus", "\n");
        file(group + "pids.max", "max\n");
        file(group + "pids.current", "7\n");
        return new ControlGroupMounts(Map.of(), folder).choose("slipway/abc", true, "");
    }

    @Test
    void theSecondVersionGetsTheLimits() throws IOException {
        var groups = recordedSecondVersion();
        var group = "slipway/abc/" + KERNEL + "/";

        groups.create(KERNEL, LIMITS);

        assertInstanceOf(ControlGroupsV2.class, groups);
        assertEquals("", groups.shortcoming());
        assertEquals("536870912", text(group + "memory.max"));
        assertEquals("0", text(group + "memory.swap.max"));
        assertEquals("150000 100000", text(group + "cpu.max"));
        assertEquals("1,3", text(group + "cpuset.cpus"));
        assertEquals(Integer.toString(100 + SandboxProcesses.OWN), text(group + "pids.max"));
        assertEquals(List.of(folder.resolve(group)), groups.folders(KERNEL));
    }

    @Test
    void theSecondVersionIsMeasured() throws IOException {
        var groups = recordedSecondVersion();

        assertEquals(Optional.of(new Usage(2_500, 94_371_840, 209_715_200, 5)), groups.usage(KERNEL));
        assertEquals(List.of(101L, 102L), groups.processes(KERNEL));
        assertEquals(Optional.of(1L), GroupFiles.field(groups.oomFile(KERNEL).orElseThrow(), "oom_kill"));
        assertEquals(Optional.empty(), groups.usage(new KernelId(UUID.randomUUID())));
    }

    @Test
    void theSecondVersionKillsAtOnce() throws IOException {
        var groups = recordedSecondVersion();

        groups.kill(KERNEL);

        assertEquals("1", text("slipway/abc/" + KERNEL + "/cgroup.kill"));
    }

    @Test
    void aUsersGroupsAreMadeBelowItsOwn() throws IOException {
        for (var group : List.of("user.slice/", "user.slice/slipway/", "user.slice/slipway/abc/")) {
            file(group + "cgroup.controllers", "memory pids\n");
            file(group + "cgroup.subtree_control", "memory pids\n");
        }
        file("cgroup.controllers", "cpu memory pids\n");

        var groups = new ControlGroupMounts(Map.of(), folder).choose("slipway/abc", false, "user.slice");

        assertEquals("no control group for cpu", groups.shortcoming());
        assertTrue(Files.isDirectory(folder.resolve("user.slice/slipway/abc")));
    }

    @Test
    void withoutControllersNothingIsEnforcedAndItSaysSo() throws IOException {
        file("cgroup.controllers", "memory pids\n");
        file("cgroup.subtree_control", "");
        file("slipway/cgroup.controllers", "");
        file("slipway/cgroup.subtree_control", "");
        Files.createDirectories(folder.resolve("slipway/abc"));

        var groups = new ControlGroupMounts(Map.of(), folder).choose("slipway/abc", true, "");

        assertInstanceOf(NoControlGroups.class, groups);
        assertTrue(groups.shortcoming().contains("no writable control group"), groups.shortcoming());
        assertInstanceOf(NoControlGroups.class, new ControlGroupMounts(Map.of(), null).choose("slipway/abc", true, ""));
    }

    @Test
    void mountsOfEveryKindAreFound() {
        var mounts = ControlGroupMounts.parse(List.of(
                "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
                "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0",
                "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0",
                "cgroup /mnt/with\\040blank cgroup rw,pids 0 0",
                "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0",
                "odd"));

        assertEquals(Path.of("/sys/fs/cgroup/cpu,cpuacct"), mounts.first().get("cpuacct"));
        assertEquals(Path.of("/sys/fs/cgroup/memory"), mounts.first().get("memory"));
        assertFalse(mounts.first().containsKey("pids"));
        assertEquals(Path.of("/sys/fs/cgroup/unified"), mounts.second());
    }

    @Test
    void theFirstVersionHoldsOnThisMachine() throws Exception {
        var mounts = ControlGroupMounts.ofThisNode();
        assumeTrue(
                mounts.first().containsKey("memory") && ProcessSettings.runsAsRoot(),
                "this machine has no control groups of the first version that we may write to");
        var scope = "slipway/test-" + KERNEL;
        var groups = mounts.choose(scope, true, "");
        var limits = new ResourceLimits(new BigDecimal("0.5"), List.of(0), 64L << 20, 20, 0);
        groups.create(KERNEL, limits);
        try {
            var memory = mounts.first().get("memory").resolve(scope).resolve(KERNEL.toString());
            assertEquals(
                    Long.toString(64L << 20),
                    Files.readString(memory.resolve("memory.limit_in_bytes")).strip());
            var cores = mounts.first().get("cpuset").resolve(scope).resolve(KERNEL.toString());
            assertEquals("0", Files.readString(cores.resolve("cpuset.cpus")).strip());
            assertEquals(0, groups.usage(KERNEL).orElseThrow().cpuMillis());
            var sleeper = new ProcessBuilder("/bin/sleep", "1000").start();
            for (var group : groups.folders(KERNEL)) {
                GroupFiles.write(group.resolve("cgroup.procs"), sleeper.pid());
            }
            assertEquals(List.of(sleeper.pid()), groups.processes(KERNEL));
            groups.kill(KERNEL);
            assertEquals(137, sleeper.waitFor());
        } finally {
            groups.remove(KERNEL);
            groups.close();
        }
        assertFalse(Files.exists(mounts.first().get("memory").resolve(scope)));
        groups.create(KERNEL, limits);
        groups.remove(KERNEL);
        groups.close();
    }
}
