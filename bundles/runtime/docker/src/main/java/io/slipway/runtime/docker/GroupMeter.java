package io.slipway.runtime.docker;

import io.slipway.runtime.spi.KernelStats.Transfer;
import io.slipway.runtime.spi.KernelStats.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a container uses from its control groups, of the first or the second version: the engine's own answer takes a
 * second. Works where the engine runs on this node.
 */
final class GroupMeter {

    private static final long NANOS = 1_000_000;
    private static final long MICROS = 1_000;
    /** Device, direction and number. */
    private static final int DISK_WORDS = 3;

    private final Path root;

    /** Reads below {@code root}, which is {@code /} but in tests. */
    GroupMeter(Path root) {
        this.root = root;
    }

    /** Measures the groups that a process is in. */
    Usage usage(long pid) throws IOException {
        var groups = new HashMap<String, String>();
        for (var line : lines(process(pid).resolve("cgroup"))) {
            var fields = line.split(":", 3);
            if (fields.length == 3) {
                for (var controller : fields[1].split(",", -1)) {
                    groups.put(controller, fields[2]);
                }
            }
        }
        var mounts = mounts();
        var network = Transfer.ofNetworkDevices(lines(process(pid).resolve("net/dev")));
        return groups.containsKey("memory")
                ? first(groups, mounts).moving(firstDisk(groups, mounts), network)
                : second(groups, mounts).moving(secondDisk(groups, mounts), network);
    }

    /** Returns whether a process is one of a container; its number may be another's by now. */
    boolean isOf(long pid, String container) {
        try {
            return lines(process(pid).resolve("cgroup")).stream().anyMatch(line -> line.contains(container));
        } catch (IOException e) {
            return false;
        }
    }

    private static Path process(long pid) {
        return Path.of("proc", Long.toString(pid));
    }

    private Map<String, String> mounts() throws IOException {
        var result = new HashMap<String, String>();
        for (var line : lines(Path.of("proc/mounts"))) {
            var fields = line.split(" ", -1);
            if (fields.length > 3 && fields[2].equals("cgroup2")) {
                result.putIfAbsent("", fields[1]);
            } else if (fields.length > 3 && fields[2].equals("cgroup")) {
                for (var option : fields[3].split(",", -1)) {
                    result.putIfAbsent(option, fields[1]);
                }
            }
        }
        return result;
    }

    private Usage first(Map<String, String> groups, Map<String, String> mounts) throws IOException {
        var memory = folder("memory", groups, mounts);
        var used = number(memory.resolve("memory.usage_in_bytes"))
                - entry(memory.resolve("memory.stat"), "total_inactive_file");
        return new Usage(
                number(folder("cpuacct", groups, mounts).resolve("cpuacct.usage")) / NANOS,
                used,
                Math.max(used, number(memory.resolve("memory.max_usage_in_bytes"))),
                (int) number(folder("pids", groups, mounts).resolve("pids.current")));
    }

    private Usage second(Map<String, String> groups, Map<String, String> mounts) throws IOException {
        var group = folder("", groups, mounts);
        var used = number(group.resolve("memory.current")) - entry(group.resolve("memory.stat"), "inactive_file");
        var peak = group.resolve("memory.peak");
        return new Usage(
                entry(group.resolve("cpu.stat"), "usage_usec") / MICROS,
                used,
                // kernels before 5.19 do not keep it
                Files.exists(peak) ? Math.max(used, number(peak)) : used,
                (int) number(group.resolve("pids.current")));
    }

    /** A node may count no disk at all. */
    private Transfer firstDisk(Map<String, String> groups, Map<String, String> mounts) throws IOException {
        if (!groups.containsKey("blkio") || !mounts.containsKey("blkio")) {
            return Transfer.NONE;
        }
        var file = folder("blkio", groups, mounts).resolve("blkio.throttle.io_service_bytes_recursive");
        var sum = Transfer.NONE;
        for (var line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            var words = line.strip().split(" ", -1);
            if (words.length == DISK_WORDS && words[1].equals("Read")) {
                sum = sum.plus(new Transfer(Long.parseLong(words[2]), 0));
            } else if (words.length == DISK_WORDS && words[1].equals("Write")) {
                sum = sum.plus(new Transfer(0, Long.parseLong(words[2])));
            }
        }
        return sum;
    }

    private Transfer secondDisk(Map<String, String> groups, Map<String, String> mounts) throws IOException {
        var file = folder("", groups, mounts).resolve("io.stat");
        var sum = Transfer.NONE;
        for (var line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            for (var word : line.split(" ", -1)) {
                if (word.startsWith("rbytes=")) {
                    sum = sum.plus(new Transfer(Long.parseLong(word.substring("rbytes=".length())), 0));
                } else if (word.startsWith("wbytes=")) {
                    sum = sum.plus(new Transfer(0, Long.parseLong(word.substring("wbytes=".length()))));
                }
            }
        }
        return sum;
    }

    private Path folder(String controller, Map<String, String> groups, Map<String, String> mounts) throws IOException {
        var group = groups.get(controller);
        var mount = mounts.get(controller);
        if (group == null || mount == null) {
            throw new IOException("this node has no control group for " + (controller.isEmpty() ? "it" : controller));
        }
        return root.resolve(mount.substring(1)).resolve(group.substring(1));
    }

    private List<String> lines(Path file) throws IOException {
        return Files.readAllLines(root.resolve(file));
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    private static long entry(Path file, String name) throws IOException {
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith(name + " ")) {
                return Long.parseLong(line.substring(name.length() + 1).strip());
            }
        }
        return 0;
    }
}
