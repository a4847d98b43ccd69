package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelStats.Usage;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The second version of control groups: one tree for all controllers. */
final class ControlGroupsV2 implements ControlGroups {

    private static final List<String> NEEDED = List.of("memory", "cpu", "pids");
    private static final String CPUSET = "cpuset";
    private static final int PERIOD_MICROS = 100_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private final Path top;
    private final Path scope;
    private final String shortcoming;

    private ControlGroupsV2(Path top, Path scope, String shortcoming) {
        this.top = top;
        this.scope = scope;
        this.shortcoming = shortcoming;
    }

    /**
     * Makes our folder and lets the controllers into it.
     *
     * @param top the group under which we may make groups: the top of the tree for root, the delegated one for a user
     * @param scope relative path of the folder that holds the groups of this installation's kernels
     * @throws IOException if we may not make groups, or no controller that is needed comes into them; says why
     */
    static ControlGroupsV2 in(Path top, String scope) throws IOException {
        var folder = make(top, Path.of(scope));
        var enabled = controllers(folder.resolve("cgroup.subtree_control"));
        var missing = new ArrayList<>(NEEDED);
        missing.removeAll(enabled);
        if (missing.size() == NEEDED.size()) {
            throw new IOException("no controller can be enabled in " + folder);
        }
        return new ControlGroupsV2(
                top, folder, missing.isEmpty() ? "" : "no control group for " + String.join(", ", missing));
    }

    private static Path make(Path top, Path scope) throws IOException {
        var folder = top;
        for (var name : scope) {
            openTo(folder);
            folder = folder.resolve(name);
            Files.createDirectories(folder);
        }
        openTo(folder);
        return folder;
    }

    private static void openTo(Path folder) throws IOException {
        var control = folder.resolve("cgroup.subtree_control");
        var enabled = controllers(control);
        for (var controller : controllers(folder.resolve("cgroup.controllers"))) {
            if ((NEEDED.contains(controller) || controller.equals(CPUSET)) && !enabled.contains(controller)) {
                // one by one: a controller that cannot be had must not keep out the others
                GroupFiles.write(control, "+" + controller);
            }
        }
    }

    private static List<String> controllers(Path file) throws IOException {
        return Files.exists(file) ? List.of(Files.readString(file).strip().split("\\s+", -1)) : List.of();
    }

    @Override
    public String shortcoming() {
        return shortcoming;
    }

    private Path group(KernelId kernel) {
        return scope.resolve(kernel.toString());
    }

    @Override
    public void create(KernelId kernel, ResourceLimits limits) throws IOException {
        var group = group(kernel);
        try {
            if (!Files.isDirectory(scope)) {
                // another version of this plug-in closed when it had no kernels
                make(top, top.relativize(scope));
            }
            Files.createDirectories(group);
            GroupFiles.writeIfThere(group.resolve("memory.max"), limits.memoryBytes());
            // swap counts too: none of it
            GroupFiles.writeIfThere(group.resolve("memory.swap.max"), 0);
            GroupFiles.writeIfThere(
                    group.resolve("cpu.max"),
                    ControlGroupsV1.quotaMicros(limits.cpus(), PERIOD_MICROS) + " " + PERIOD_MICROS);
            GroupFiles.writeIfThere(group.resolve("pids.max"), limits.processes() + SandboxProcesses.OWN);
            if (!limits.cpuIds().isEmpty()) {
                GroupFiles.writeIfThere(group.resolve("cpuset.cpus"), ControlGroupsV1.coreList(limits.cpuIds()));
            }
        } catch (IOException e) {
            remove(kernel);
            throw e;
        }
    }

    @Override
    public List<Path> folders(KernelId kernel) {
        return Files.isDirectory(group(kernel)) ? List.of(group(kernel)) : List.of();
    }

    @Override
    public Optional<Path> oomFile(KernelId kernel) {
        return Optional.of(group(kernel).resolve("memory.events")).filter(Files::exists);
    }

    @Override
    public Optional<Usage> usage(KernelId kernel) throws IOException {
        var group = group(kernel);
        var micros = GroupFiles.field(group.resolve("cpu.stat"), "usage_usec");
        var bytes = GroupFiles.number(group.resolve("memory.current"));
        var count = GroupFiles.number(group.resolve("pids.current"));
        if (micros.isEmpty() || bytes.isEmpty() || count.isEmpty()) {
            return Optional.empty();
        }
        var peak = GroupFiles.number(group.resolve("memory.peak")).orElse(bytes.getAsLong());
        var cache =
                GroupFiles.field(group.resolve("memory.stat"), "inactive_file").orElse(0L);
        return Optional.of(new Usage(
                micros.get() / MICROS_PER_MILLI,
                Math.max(0, bytes.getAsLong() - cache),
                Math.max(peak, bytes.getAsLong()),
                SandboxProcesses.programs(count.getAsLong())));
    }

    @Override
    public List<Long> processes(KernelId kernel) throws IOException {
        return GroupFiles.processes(group(kernel));
    }

    @Override
    public void kill(KernelId kernel) throws IOException {
        if (!GroupFiles.writeIfThere(group(kernel).resolve("cgroup.kill"), 1)) {
            GroupFiles.killAll(group(kernel));
        }
    }

    @Override
    public void remove(KernelId kernel) throws IOException {
        GroupFiles.remove(group(kernel));
    }

    @Override
    public void close() {
        GroupFiles.removeIfEmpty(scope);
    }
}
