package io.slipway.accelerator.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reads which cores are online and on which NUMA node each is, from a tree like {@code /sys/devices/system}. */
record CpuTopology(Path system) {

    /** Returns the NUMA node of each online core; -1 where the kernel does not tell. */
    SortedMap<Integer, Integer> onlineCores() throws IOException {
        var cores = new TreeMap<Integer, Integer>();
        range(Files.readString(system.resolve("cpu/online"))).forEach(core -> cores.put(core, -1));
        for (var node : numaNodes().entrySet()) {
            range(Files.readString(node.getValue().resolve("cpulist")))
                    .forEach(core -> cores.computeIfPresent(core, (id, unknown) -> node.getKey()));
        }
        return cores;
    }

    private Map<Integer, Path> numaNodes() throws IOException {
        var nodes = new TreeMap<Integer, Path>();
        var folder = system.resolve("node");
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
