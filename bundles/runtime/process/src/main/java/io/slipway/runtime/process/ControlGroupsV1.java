package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelStats.Usage;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The first version of control groups: one tree per controller. */
final class ControlGroupsV1 implements ControlGroups {

    private static final List<String> NEEDED = List.of("memory", "cpu", "pids");
    private static final List<String> WELCOME = List.of("freezer", "cpuacct");
    private static final String CPUSET = "cpuset";
    private static final int PERIOD_MICROS = 100_000;
    private static final int LEAST_QUOTA_MICROS = 1_000;
    private static final Duration FREEZE_LIMIT = Duration.ofMillis(500);

    private final String scope;
    private final Map<String, Tree> trees;
    private final String shortcoming;

    /** The top of a controller's tree, and our folder in it. */
    private record Tree(Path top, Path folder) {}

    private ControlGroupsV1(String scope, Map<String, Tree> trees, String shortcoming) {
        this.scope = scope;
        this.trees = Map.copyOf(trees);
        this.shortcoming = shortcoming;
    }

    /**
     * Makes our folder in each tree.
     *
     * @param mounts controller to the top of its tree
     * @param scope relative path of the folder that holds the groups of this installation's kernels
     * @return empty if there is no tree that we may write to
     */
    static Optional<ControlGroupsV1> in(Map<String, Path> mounts, String scope) {
        var trees = new HashMap<String, Tree>();
        var missing = new ArrayList<String>();
        var all = new ArrayList<>(NEEDED);
        all.addAll(WELCOME);
        all.add(CPUSET);
        for (var controller : all) {
            var top = mounts.get(controller);
            try {
                if (top == null) {
                    throw new IOException("this machine has no such controller");
                }
                trees.put(controller, new Tree(top, make(controller, top, scope)));
            } catch (IOException e) {
                if (NEEDED.contains(controller)) {
                    missing.add(controller + " (" + e + ")");
                }
            }
        }
        if (missing.size() == NEEDED.size()) {
            return Optional.empty();
        }
        return Optional.of(new ControlGroupsV1(
                scope, trees, missing.isEmpty() ? "" : "no writable control group for " + String.join(", ", missing)));
    }

    private static Path make(String controller, Path top, String scope) throws IOException {
        var folder = top;
        for (var name : Path.of(scope)) {
            var parent = folder;
            folder = folder.resolve(name);
            Files.createDirectories(folder);
            if (controller.equals(CPUSET)) {
                inheritCores(parent, folder);
            }
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " is not writable");
        }
        return folder;
    }

    /** A new group of this controller is empty, and nothing can enter it. */
    private static void inheritCores(Path parent, Path folder) throws IOException {
        for (var file : List.of("cpuset.cpus", "cpuset.mems")) {
            if (Files.readString(folder.resolve(file)).isBlank()) {
                GroupFiles.write(folder.resolve(file), Files.readString(parent.resolve(file)));
            }
        }
    }

    @Override
    public String shortcoming() {
        return shortcoming;
    }

    @Override
    public void create(KernelId kernel, ResourceLimits limits) throws IOException {
        try {
            for (var tree : trees.entrySet()) {
                if (!tree.getKey().equals(CPUSET) || !limits.cpuIds().isEmpty()) {
                    if (!Files.isDirectory(tree.getValue().folder())) {
                        // another version of this plug-in closed when it had no kernels
                        make(tree.getKey(), tree.getValue().top(), scope);
                    }
                    Files.createDirectories(tree.getValue().folder().resolve(kernel.toString()));
                }
            }
            limit(kernel, limits);
        } catch (IOException e) {
            remove(kernel);
            throw e;
        }
    }

    private void limit(KernelId kernel, ResourceLimits limits) throws IOException {
        var memory = group("memory", kernel);
        if (memory.isPresent()) {
            GroupFiles.write(memory.get().resolve("memory.limit_in_bytes"), limits.memoryBytes());
            // swap counts too; the file is missing where the machine does not account for swap
            GroupFiles.writeIfThere(memory.get().resolve("memory.memsw.limit_in_bytes"), limits.memoryBytes());
        }
        var cpu = group("cpu", kernel);
        if (cpu.isPresent()) {
            GroupFiles.write(cpu.get().resolve("cpu.cfs_period_us"), PERIOD_MICROS);
            GroupFiles.write(cpu.get().resolve("cpu.cfs_quota_us"), quotaMicros(limits.cpus(), PERIOD_MICROS));
        }
        var pids = group("pids", kernel);
        if (pids.isPresent()) {
            GroupFiles.write(pids.get().resolve("pids.max"), limits.processes() + SandboxProcesses.OWN);
        }
        var cores = group(CPUSET, kernel);
        if (cores.isPresent() && !limits.cpuIds().isEmpty()) {
            inheritCores(cores.get().resolve(".."), cores.get());
            GroupFiles.write(cores.get().resolve("cpuset.cpus"), coreList(limits.cpuIds()));
        }
    }

    static int quotaMicros(BigDecimal cpus, int periodMicros) {
        var quota = cpus.multiply(BigDecimal.valueOf(periodMicros)).setScale(0, RoundingMode.HALF_UP);
        return Math.max(LEAST_QUOTA_MICROS, quota.intValueExact());
    }

    static String coreList(List<Integer> cores) {
        return String.join(
                ",", new TreeSet<>(cores).stream().map(String::valueOf).toList());
    }

    private Optional<Path> group(String controller, KernelId kernel) {
        return Optional.ofNullable(trees.get(controller))
                .map(tree -> tree.folder().resolve(kernel.toString()))
                .filter(Files::isDirectory);
    }

    private List<Path> groups(KernelId kernel) {
        // trees of two controllers may be one
        var folders = new LinkedHashSet<Path>();
        trees.keySet().forEach(controller -> group(controller, kernel).ifPresent(folders::add));
        return List.copyOf(folders);
    }

    @Override
    public List<Path> folders(KernelId kernel) {
        return groups(kernel);
    }

    @Override
    public Optional<Path> oomFile(KernelId kernel) {
        return group("memory", kernel).map(folder -> folder.resolve("memory.oom_control"));
    }

    @Override
    public Optional<Usage> usage(KernelId kernel) throws IOException {
        var memory = group("memory", kernel);
        var time = group("cpuacct", kernel);
        var pids = group("pids", kernel);
        if (memory.isEmpty() || time.isEmpty() || pids.isEmpty()) {
            return Optional.empty();
        }
        var nanos = GroupFiles.number(time.get().resolve("cpuacct.usage")).orElse(0);
        var bytes =
                GroupFiles.number(memory.get().resolve("memory.usage_in_bytes")).orElse(0);
        var peak = GroupFiles.number(memory.get().resolve("memory.max_usage_in_bytes"))
                .orElse(bytes);
        var cache = GroupFiles.field(memory.get().resolve("memory.stat"), "total_inactive_file")
                .orElse(0L);
        var count = GroupFiles.number(pids.get().resolve("pids.current")).orElse(0);
        return Optional.of(new Usage(
                Duration.ofNanos(nanos).toMillis(),
                Math.max(0, bytes - cache),
                Math.max(peak, bytes),
                SandboxProcesses.programs(count)));
    }

    @Override
    public List<Long> processes(KernelId kernel) throws IOException {
        for (var folder : groups(kernel)) {
            var found = GroupFiles.processes(folder);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    @Override
    public void kill(KernelId kernel) throws IOException {
        // frozen, they cannot fork faster than we kill
        var freezer = group("freezer", kernel).map(folder -> folder.resolve("freezer.state"));
        if (freezer.isPresent()) {
            GroupFiles.write(freezer.get(), "FROZEN");
            awaitFrozen(freezer.get());
        }
        try {
            for (var folder : groups(kernel)) {
                GroupFiles.killAll(folder);
            }
        } finally {
            if (freezer.isPresent()) {
                GroupFiles.write(freezer.get(), "THAWED");
            }
        }
    }

    private static void awaitFrozen(Path state) throws IOException {
        var deadline = System.nanoTime() + FREEZE_LIMIT.toNanos();
        while (!Files.readString(state).startsWith("FROZEN") && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void remove(KernelId kernel) throws IOException {
        for (var folder : groups(kernel)) {
            GroupFiles.remove(folder);
        }
    }

    @Override
    public void close() {
        trees.values().forEach(tree -> GroupFiles.removeIfEmpty(tree.folder()));
    }
}
