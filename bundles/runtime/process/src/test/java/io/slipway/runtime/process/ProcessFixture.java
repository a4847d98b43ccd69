package io.slipway.runtime.process;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.ResourceLimits;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A small installation: a home, kernels' state, kernels' homes. */
final class ProcessFixture implements RuntimeFixture {

    static final ImageRef PYTHON =
            ImageRef.parse("local/python:3", RuntimeParts.architecture(System.getProperty("os.arch")));

    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final Path folder;
    private final ProcessSettings settings;
    private final List<ProcessRuntime> opened = new ArrayList<>();

    ProcessFixture() throws IOException {
        this(UnaryOperator.identity());
    }

    ProcessFixture(UnaryOperator<ProcessSettings> change) throws IOException {
        this(newFolder(), change);
    }

    /** Over what another process, or another fixture, made. */
    ProcessFixture(Path folder, UnaryOperator<ProcessSettings> change) throws IOException {
        this.folder = folder;
        settings = change.apply(new ProcessSettings(
                folder.resolve("state/kernels"),
                folder.resolve("home/images"),
                ProcessSettings.runsAsRoot(),
                false,
                false,
                new ProcessSettings.Bounds(1_024, 0, 1 << 20, 64 << 20),
                new ProcessSettings.UidRange(folder.resolve("uids"), 700_000, 10_000)));
    }

    private static Path newFolder() throws IOException {
        var folder = Files.createTempDirectory("slipway process test ");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        return folder;
    }

    Path folder() {
        return folder;
    }

    ProcessSettings settings() {
        return settings;
    }

    @Override
    public KernelRuntime open() throws IOException {
        var runtime = new ProcessRuntime(settings);
        runtime.start();
        opened.add(runtime);
        return runtime;
    }

    @Override
    public KernelSpec spec(KernelId kernel, List<String> command) throws IOException {
        return spec(kernel, command, new ResourceLimits(new BigDecimal("1.5"), List.of(), 256 << 20, 64, 0));
    }

    KernelSpec spec(KernelId kernel, List<String> command, ResourceLimits limits) throws IOException {
        var home = folder.resolve("homes").resolve(kernel.toString());
        if (!Files.exists(home)) {
            OwnFiles.createFolders(folder.resolve("homes"), "rwx--x--x");
            OwnFiles.createFolder(home, "rwx------");
        }
        return new KernelSpec(
                kernel,
                Map.of("io.slipway.kernel", kernel.toString(), "odd", "a\nb=\"c\" 'd'"),
                PYTHON,
                command,
                Map.of(),
                "main1",
                home,
                List.of(),
                List.of(),
                limits);
    }

    @Override
    public List<String> leftovers() throws IOException, InterruptedException {
        // a supervisor has written its last word but needs a moment to be gone
        var deadline = System.nanoTime() + MOMENT.toNanos();
        while (!leftNow().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        return leftNow();
    }

    private List<String> leftNow() throws IOException {
        var left = new ArrayList<String>();
        var known = names(settings.kernels());
        known.removeAll(Set.of(".shared", ".exits"));
        known.forEach(name -> left.add("folder " + name));
        names(settings.kernels().resolve(".exits")).forEach(name -> left.add("exit file " + name));
        if (Files.exists(settings.uids().claims())) {
            names(settings.uids().claims()).forEach(name -> left.add("uid " + name));
        }
        var scope = "slipway/" + ProcessSettings.shortName(settings.kernels());
        for (var tree : new HashSet<>(ControlGroupMounts.ofThisNode().first().values())) {
            var group = tree.resolve(scope);
            if (Files.isDirectory(group)) {
                try (var inner = Files.newDirectoryStream(group, Files::isDirectory)) {
                    inner.forEach(entry -> left.add("control group " + entry));
                }
            }
        }
        for (var pid : ProcFiles.all()) {
            if (commandLine(pid).contains(folder.toString())) {
                left.add("process " + pid + ": " + commandLine(pid));
            }
        }
        return left;
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            // gone meanwhile
            return "";
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        var result = new HashSet<String>();
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> result.add(entry.getFileName().toString()));
        }
        return result;
    }

    @Override
    public void close() throws Exception {
        var last = new ProcessRuntime(settings);
        last.start();
        opened.add(last);
        for (var owned : last.list()) {
            last.stop(owned.kernel(), Duration.ZERO);
            last.remove(owned.kernel());
        }
        for (var runtime : opened) {
            runtime.stop();
        }
        deleteAll(folder);
    }

    private static void deleteAll(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path inner, IOException error) throws IOException {
                Files.delete(inner);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
