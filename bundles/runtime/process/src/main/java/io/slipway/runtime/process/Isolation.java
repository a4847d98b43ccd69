package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out whether this node can make sandboxes, by making one. */
final class Isolation {

    /** Never through PATH: who can change it must not choose what runs here. */
    static final List<String> TOOL_FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

    private static final Duration TRY_LIMIT = Duration.ofSeconds(10);
    private static final int MESSAGE_LIMIT = 300;
    private static final int OUTPUT_LIMIT = 16 * 1024;

    private static final Duration KEEP_GOOD = Duration.ofMinutes(1);
    private static final Duration KEEP_BAD = Duration.ofSeconds(5);

    private final ProcessSettings settings;
    private final List<String> toolFolders;
    private final Optional<Path> filter;
    // two that look at the same time do no harm
    private volatile @Nullable Dated last;

    /** A finding and the moment, by the monotonic clock, until which it is believed. */
    private record Dated(Finding finding, long until) {}

    /** Creates one. {@code filter} is the file of the system call filter. */
    Isolation(ProcessSettings settings, List<String> toolFolders, Optional<Path> filter) {
        this.settings = settings;
        this.toolFolders = toolFolders;
        this.filter = filter;
    }

    /**
     * What was found.
     *
     * @param obstacle why no sandbox can be made and what to do about it; empty if one can
     * @param traits what sandboxes are like
     */
    record Finding(String obstacle, SandboxTraits traits) {

        boolean isPossible() {
            return obstacle.isEmpty();
        }
    }

    /** Returns what was found lately: a change on the node is noticed within a minute, a cure within seconds. */
    Finding now() {
        var known = last;
        if (known == null || System.nanoTime() - known.until() > 0) {
            var finding = find();
            var keep = finding.isPossible() ? KEEP_GOOD : KEEP_BAD;
            known = new Dated(finding, System.nanoTime() + keep.toNanos());
            if (!Thread.currentThread().isInterrupted()) { // an interrupt cuts the look short: others look themselves
                last = known;
            }
        }
        return known.finding();
    }

    private Finding find() {
        var missing = missingTool();
        if (missing.isPresent()) {
            return new Finding(missing.get(), traits(false));
        }
        try {
            var device = missingDevice();
            if (device.isPresent()) {
                return new Finding(device.get(), traits(false));
            }
            var traits = traits(output(List.of("bwrap", "--help")).contains("--disable-userns"));
            return new Finding(tryOut(traits), traits);
        } catch (IOException e) {
            return new Finding("no sandbox can be made: " + e.getMessage(), traits(false));
        }
    }

    private SandboxTraits traits(boolean canDisableUserNamespaces) {
        return new SandboxTraits(
                canDisableUserNamespaces,
                filter.isPresent(),
                settings.hasNetwork(),
                settings.bounds().temporaryBytes());
    }

    private Optional<String> missingTool() {
        if (!hasTool("bwrap")) {
            return Optional.of("bubblewrap is missing; install it: apt-get install bubblewrap");
        }
        if (settings.isRoot() && !hasTool("setpriv")) {
            return Optional.of("setpriv is missing; install it: apt-get install util-linux");
        }
        if (settings.hasNetwork() && !hasTool("slirp4netns")) {
            return Optional.of("network=user needs slirp4netns; install it: apt-get install slirp4netns,"
                    + " or set network=none in etc/io.slipway.runtime.process.cfg");
        }
        return Optional.empty();
    }

    private boolean hasTool(String name) {
        return toolFolders.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Returns why kernels' networks could not open their device, or nothing. */
    private Optional<String> missingDevice() throws IOException {
        if (!settings.hasNetwork() || TunDevice.isOpen(settings.isRoot()) || (settings.isRoot() && canMakeDevice())) {
            return Optional.empty();
        }
        return Optional.of("network=user needs " + TunDevice.PATH + " open for the kernels' users; chmod 0666 "
                + TunDevice.PATH + ", or set network=none in etc/io.slipway.runtime.process.cfg");
    }

    private boolean canMakeDevice() throws IOException {
        var attempt = new ArrayList<>(dropped());
        attempt.addAll(List.of("/bin/sh", "-c", "exec 3<>" + TunDevice.PATH + " && echo works"));
        return output(TunDevice.withOwn(attempt)).strip().equals("works");
    }

    private List<String> dropped() {
        return List.of(LaunchFiles.drop(settings.uids().first()).split(" ", -1));
    }

    private String tryOut(SandboxTraits traits) throws IOException {
        if (settings.isRoot() && !Staging.isOpen(settings.kernels().resolve("any"))) {
            return "kernels run as users of their own, who cannot pass through all parents of " + settings.kernels()
                    + "; chmod o+x the parents, or set kernelsFolder in etc/io.slipway.runtime.process.cfg";
        }
        var command = new ArrayList<String>();
        if (settings.isRoot()) {
            command.addAll(dropped());
        }
        command.add("bwrap");
        command.addAll(SandboxArguments.isolation(traits));
        command.addAll(RootView.part(List.of("/usr", "/bin", "/lib", "/lib64"), List.of()));
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--", "/bin/sh", "-c", "echo works"));
        var output = output(command);
        if (output.strip().equals("works")) {
            return "";
        }
        return "bubblewrap can make no sandbox here: " + shortened(output) + "; are user namespaces allowed"
                + " (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns,"
                + " user.max_user_namespaces)?";
    }

    private static String shortened(String output) {
        var line = output.strip().replace('\n', ' ');
        return line.length() > MESSAGE_LIMIT ? line.substring(0, MESSAGE_LIMIT) : line;
    }

    private String output(List<String> command) throws IOException {
        // a shell, because bwrap takes the filter by a file descriptor
        var script =
                "exec 9<" + ShellWords.quote(filter.orElse(Path.of("/dev/null")).toString()) + "; exec "
                        + ShellWords.quote(command);
        var builder = new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", String.join(":", TOOL_FOLDERS));
        builder.directory(Path.of("/").toFile());
        var process = builder.start();
        try (var stream = process.getInputStream()) {
            process.getOutputStream().close();
            if (!process.waitFor(TRY_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.getFirst() + " does not end");
            }
            return new String(stream.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
