package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the runtime, made when it starts. */
final class RuntimeParts {

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeParts.class);
    private static final String SCRIPT = "supervisor.sh";
    /** Not below a kernel's folder, and not named like one. */
    private static final String SHARED = ".shared";

    private static final int TRY_SECONDS = 5;

    private final ExitBoard exits;
    private final KernelLooks looks;
    private final ControlGroups groups;
    private final LocalImages images;
    private final Isolation isolation;
    private final KernelBuilder builder;
    private final KernelStarter starter;
    private final KernelStopper stopper;
    private final KernelMeter meter;

    RuntimeParts(ProcessSettings settings, List<String> toolFolders) throws IOException {
        this(
                settings,
                toolFolders,
                ControlGroupMounts.ofThisNode()
                        .choose(
                                "slipway/" + ProcessSettings.shortName(settings.kernels()),
                                settings.isRoot(),
                                ControlGroupMounts.ownGroup()));
    }

    private RuntimeParts(ProcessSettings settings, List<String> toolFolders, ControlGroups groups) throws IOException {
        var kernels = settings.kernels();
        var shared = kernels.resolve(SHARED);
        var exitFolder = kernels.resolve(".exits");
        OwnFiles.createFolders(kernels, settings.isRoot() ? "rwx--x--x" : "rwx------");
        OwnFiles.createFolders(shared, "rwx------");
        OwnFiles.createFolders(exitFolder, "rwx------");
        var architecture = architecture(System.getProperty("os.arch", ""));
        var filter = writeFilter(shared, architecture);
        this.groups = groups;
        exits = new ExitBoard(exitFolder);
        looks = new KernelLooks(kernels, exits);
        images = new LocalImages(settings.images(), architecture);
        isolation = new Isolation(settings, toolFolders, filter);
        builder = new KernelBuilder(
                settings,
                groups,
                new UserIds(settings.uids(), RandomGenerator.getDefault(), InstantSource.system()),
                new LaunchFiles(settings, groups, filter.orElse(Path.of("/dev/null"))),
                exits);
        starter = new KernelStarter(looks, exits, writeScript(shared), signalReset());
        stopper = new KernelStopper(looks, exits, groups);
        meter = new KernelMeter(looks, groups);
    }

    void start() throws IOException {
        exits.start();
        builder.finishRemovals();
    }

    void stop() throws IOException {
        groups.close();
        exits.stop();
    }

    private static Optional<Path> writeFilter(Path folder, String architecture) throws IOException {
        var program = SystemCallFilter.of(architecture);
        if (program.isEmpty()) {
            return Optional.empty();
        }
        var file = folder.resolve("filter.bpf");
        OwnFiles.replace(file, program.get(), OwnFiles.PRIVATE);
        return Optional.of(file);
    }

    /**
     * Whoever starts a server in the background of a shell starts it with interrupts ignored. All its children would ignore
     * them, too, and a shell cannot take that back: nobody could interrupt a command in a kernel.
     */
    private static List<String> signalReset() throws IOException {
        var process = new ProcessBuilder("/usr/bin/env", "--default-signal", "true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor(TRY_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return List.of("/usr/bin/env", "--default-signal");
            }
            LOG.warn("/usr/bin/env has no --default-signal: commands in kernels ignore interrupts if this server does");
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** By rename: a supervisor that reads an older script goes on with it. */
    private static Path writeScript(Path folder) throws IOException {
        var file = folder.resolve(SCRIPT);
        try (var stream = RuntimeParts.class.getResourceAsStream(SCRIPT)) {
            if (stream == null) {
                throw new IllegalStateException(SCRIPT + " is not in this bundle");
            }
            OwnFiles.replace(file, stream.readAllBytes(), OwnFiles.PRIVATE);
        }
        return file;
    }

    static String architecture(String javaName) {
        return switch (javaName) {
            case "amd64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> javaName;
        };
    }

    KernelLooks looks() {
        return looks;
    }

    ControlGroups groups() {
        return groups;
    }

    LocalImages images() {
        return images;
    }

    Isolation isolation() {
        return isolation;
    }

    KernelBuilder builder() {
        return builder;
    }

    KernelStarter starter() {
        return starter;
    }

    KernelStopper stopper() {
        return stopper;
    }

    KernelMeter meter() {
        return meter;
    }
}
