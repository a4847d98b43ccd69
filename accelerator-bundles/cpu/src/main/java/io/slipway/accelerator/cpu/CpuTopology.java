package io.slipway.accelerator.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads which cores this process may use and on which NUMA node each is.
 *
 * @param root the root folder, or a recorded tree with the same {@code sys} and {@code proc}
 */
record CpuTopology(Path root) {

    private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S*)$");

    /**
     * Returns the NUMA node, -1 where the kernel does not tell, of each core that is online and allowed: in a container
     * or under a service manager's limits a process may be shut out from cores, and so would be the kernels it starts.
     */
    SortedMap<Integer, Integer> usableCores() throws IOException {
        var cores = new TreeMap<Integer, Integer>();
        range(Files.readString(system().resolve("cpu/online"))).forEach(core -> cores.put(core, -1));
        var allowed = allowedCores();
        if (!allowed.isEmpty()) {
            cores.keySet().retainAll(allowed);
        }
        for (var node : numaNodes().entrySet()) {
            range(Files.readString(node.getValue().resolve("cpulist")))
                    .forEach(core -> cores.computeIfPresent(core, (id, unknown) -> node.getKey()));
        }
        return cores;
    }

    Path system() {
        return root.resolve("sys/devices/system");
    }

    /** Empty if the kernel does not tell. */
    private Set<Integer> allowedCores() throws IOException {
        var status = root.resolve("proc/self/status");
        if (!Files.exists(status)) {
            return Set.of();
        }
        var list = ALLOWED.matcher(Files.readString(status));
        return list.find() ? range(list.group(1)).boxed().collect(Collectors.toSet()) : Set.of();
    }

    private Map<Integer, Path> numaNodes() throws IOException {
        var nodes = new TreeMap<Integer, Path>();
        var folder = system().resolve("node");
        if (Files.isDirectory(folder)) {
            try (var found = Files.newDirectoryStream(folder, "node[0-9]*")) {
                for (var node : found) {
                    nodes.put(Integer.valueOf(node.getFileName().toString().substring("node".length())), node);
                }
            }
        }
        return nodes;
    }

    /** Reads a list such as {@code 0-3,8,10-11}; see cpusets(7), "List format". */
    static IntStream range(String text) {
        return java.util.Arrays.stream(text.strip().split(",", -1))
                .filter(part -> !part.isBlank())
                .flatMapToInt(part -> {
                    var ends = part.split("-", 2);
                    var first = Integer.parseInt(ends[0].strip());
                    return IntStream.rangeClosed(first, ends.length == 1 ? first : Integer.parseInt(ends[1].strip()));
                });
    }
}
