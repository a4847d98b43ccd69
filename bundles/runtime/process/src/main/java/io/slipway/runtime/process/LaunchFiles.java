package io.slipway.runtime.process;

import io.slipway.runtime.process.LocalImages.LocalImage;
import io.slipway.runtime.spi.KernelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes what a kernel's supervisor needs to know. */
final class LaunchFiles {

    private static final int KIB = 1024;
    private static final int FILE_BLOCK = 512;
    private static final Pattern VERSION = Pattern.compile("^([0-9]{1,3})\\.([0-9]{1,3})");
    private static final String NETWORK = "slirp4netns --configure --mtu=65520 --disable-host-loopback --enable-seccomp"
            + " --ready-fd=5 --exit-fd=6";

    private final ProcessSettings settings;
    private final ControlGroups groups;
    private final Path filter;

    /** Creates one. {@code filter} is the file of the system call filter, or {@code /dev/null} if there is none. */
    LaunchFiles(ProcessSettings settings, ControlGroups groups, Path filter) {
        this.settings = settings;
        this.groups = groups;
        this.filter = filter;
    }

    /** Writes into the kernel's folder, which is now {@code draft} and will be {@code place}. */
    void write(
            KernelSpec spec,
            KernelNote note,
            KernelFolder draft,
            KernelFolder place,
            LocalImage image,
            SandboxTraits traits)
            throws IOException {
        var command = spec.command().isEmpty() ? image.command() : spec.command();
        if (note.isIsolated()) {
            var staging = new Staging(draft, place, settings.isRoot());
            new SandboxArguments(spec, draft, place, staging, traits).write(image);
            if (!staging.commands().isEmpty()) {
                OwnFiles.write(draft.file("stage"), String.join("\n", staging.commands()) + "\n", OwnFiles.PRIVATE);
            }
        } else {
            command = bareCommand(spec, command);
        }
        var lines = new ArrayList<String>();
        lines.add("groups=" + ShellWords.quote(words(groups.folders(spec.kernel()))));
        lines.add("oom_file="
                + ShellWords.quote(
                        groups.oomFile(spec.kernel()).map(Path::toString).orElse("")));
        lines.add("open_files=" + settings.bounds().openFiles());
        lines.add("file_blocks="
                + (settings.bounds().fileBytes() == 0 ? "" : settings.bounds().fileBytes() / FILE_BLOCK));
        lines.addAll(ownLimits(spec, note.isIsolated()));
        lines.add("isolated=" + (note.isIsolated() ? "yes" : "no"));
        lines.add("directory=" + ShellWords.quote(spec.homeFolder().toString()));
        lines.add("drop=" + (note.uid() == 0 ? "" : ShellWords.quote(drop(note.uid()))));
        lines.add("network=" + (note.isIsolated() && traits.hasNetwork() ? ShellWords.quote(NETWORK) : ""));
        lines.add("device=" + (settings.isRoot() && !TunDevice.isOpen(true) ? ShellWords.quote(TunDevice.OWN) : ""));
        lines.add("filter=" + ShellWords.quote(filter.toString()));
        // two files of this size
        lines.add("log_blocks=" + settings.bounds().logBytes() / 2 / FILE_BLOCK);
        lines.add("set -- " + ShellWords.quote(command));
        OwnFiles.write(draft.file("launch"), String.join("\n", lines) + "\n", OwnFiles.PRIVATE);
    }

    /** Returns what makes all that follows run as another user, for good. */
    static String drop(int uid) {
        return "setpriv --reuid=" + uid + " --regid=" + uid
                + " --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all";
    }

    /** Where no control group does it, each process gets the kernel's limits for itself. */
    private List<String> ownLimits(KernelSpec spec, boolean isIsolated) throws IOException {
        var memory = "address_space_kib=";
        var processes = "processes=";
        var processesInside = "processes_inside=";
        if (!groups.shortcoming().isEmpty()) {
            var most = spec.limits().processes() + SandboxProcesses.OWN;
            memory += spec.limits().memoryBytes() / KIB;
            if (settings.isRoot()) {
                // the kernel's user has no other processes
                processes += most;
            } else if (isIsolated && countsPerNamespace(System.getProperty("os.version", ""))) {
                processesInside += most;
            } else {
                // counts all processes of our user, whatever they are
                processes += most + OwnProcesses.threads();
            }
        }
        return List.of(memory, processes, processesInside);
    }

    /** Linux counts the processes of each user namespace by themselves from 5.14 on. */
    static boolean countsPerNamespace(String version) {
        var matcher = VERSION.matcher(version);
        if (!matcher.find()) {
            return false;
        }
        var major = Integer.parseInt(matcher.group(1));
        return major > 5 || (major == 5 && Integer.parseInt(matcher.group(2)) >= 14);
    }

    /** Returns a command that finds outside of a sandbox what it was told to find inside. */
    private static List<String> bareCommand(KernelSpec spec, List<String> command) {
        var result = new ArrayList<>(List.of("env", "-i"));
        SandboxArguments.environmentOf(spec).forEach((name, value) -> result.add(name + "=" + outside(spec, value)));
        command.forEach(word -> result.add(outside(spec, word)));
        return result;
    }

    private static String outside(KernelSpec spec, String word) {
        for (var mount : spec.mounts()) {
            if (word.equals(mount.kernelPath()) || word.startsWith(mount.kernelPath() + "/")) {
                return mount.hostPath() + word.substring(mount.kernelPath().length());
            }
        }
        return word.equals(SandboxArguments.HOME) ? spec.homeFolder().toString() : word;
    }

    private static String words(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(" "));
    }
}
