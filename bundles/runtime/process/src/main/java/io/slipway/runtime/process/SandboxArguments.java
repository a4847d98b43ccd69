package io.slipway.runtime.process;

import io.slipway.runtime.spi.KernelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What bwrap is told: which parts of the node are seen inside, and nothing else. Never {@code /}, {@code /home},
 * {@code /root}, {@code /run}, {@code /var} or the installation.
 */
final class SandboxArguments {

    /** The user and group inside. */
    static final String INNER_ID = "1000";

    static final String HOME = "/home/work";

    private static final long DEFAULT_SHARED_MEMORY = 64L << 20;
    private static final Pattern HOSTNAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,62})");
    private static final List<String> USR_AND_LINKS =
            List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
    /** Public by nature; what is missing on the node is left out. */
    private static final List<String> ETC_FILES = List.of(
            "/etc/alternatives",
            "/etc/ld.so.cache",
            "/etc/ld.so.conf",
            "/etc/ld.so.conf.d",
            "/etc/localtime",
            "/etc/mime.types",
            "/etc/protocols",
            "/etc/services",
            "/etc/ssl/certs",
            "/etc/ssl/openssl.cnf",
            "/etc/timezone");

    private static final String PASSWD_LINE = "work:x:1000:1000::/home/work:/bin/sh\n";
    private static final String GROUP_LINE = "work:x:1000:\n";
    private static final int ETC_FILE_LIMIT = 256 * 1024;

    private final KernelSpec spec;
    private final KernelFolder draft;
    private final KernelFolder place;
    private final Staging staging;
    private final SandboxTraits traits;
    private final List<String> arguments = new ArrayList<>();

    /** Creates one for the kernel whose folder is now {@code draft} and will be {@code place}. */
    SandboxArguments(KernelSpec spec, KernelFolder draft, KernelFolder place, Staging staging, SandboxTraits traits) {
        this.spec = spec;
        this.draft = draft;
        this.place = place;
        this.staging = staging;
        this.traits = traits;
    }

    /** Writes the file for {@code bwrap --args}, and the small files that it names. */
    void write(LocalImages.LocalImage image) throws IOException {
        check();
        namespaces();
        root(image);
        devices();
        add("--bind", staging.reachable(spec.homeFolder()).toString(), HOME);
        for (var mount : spec.mounts()) {
            var source = staging.reachable(mount.hostPath()).toString();
            add(mount.isReadOnly() ? "--ro-bind" : "--bind", source, mount.kernelPath());
        }
        for (var device : spec.devices()) {
            add("--dev-bind", device.hostPath(), device.kernelPath());
        }
        add("--remount-ro", "/", "--chdir", HOME);
        environment();
        var text = String.join("\0", arguments) + "\0";
        OwnFiles.write(draft.file("sandbox.args"), text.getBytes(StandardCharsets.UTF_8), OwnFiles.PRIVATE);
    }

    /** Returns what cuts a sandbox off from the node, whatever is shown in it. */
    static List<String> isolation(SandboxTraits traits) {
        var result = new ArrayList<>(List.of(
                "--unshare-all",
                "--unshare-user",
                "--uid",
                INNER_ID,
                "--gid",
                INNER_ID,
                "--new-session",
                "--clearenv"));
        if (traits.canDisableUserNamespaces()) {
            result.add("--disable-userns");
        }
        if (traits.hasFilter()) {
            result.addAll(List.of("--seccomp", "9"));
        }
        return result;
    }

    private void check() throws IOException {
        if (!HOSTNAME.matcher(spec.hostname()).matches()) {
            throw new IOException("'" + spec.hostname() + "' is no host name");
        }
        for (var mount : spec.mounts()) {
            checkPlace(mount.kernelPath(), mount.hostPath().toString());
        }
        for (var device : spec.devices()) {
            checkPlace(device.kernelPath(), device.hostPath());
        }
    }

    private static void checkPlace(String kernelPath, String hostPath) throws IOException {
        var inside = Path.of(kernelPath);
        if (!inside.isAbsolute() || !inside.normalize().equals(inside) || inside.getNameCount() == 0) {
            throw new IOException("'" + kernelPath + "' is no place to mount " + hostPath);
        }
    }

    private void namespaces() {
        arguments.addAll(isolation(traits));
        add("--hostname", spec.hostname());
        if (traits.hasNetwork()) {
            // the one around the sandbox, which the supervisor made
            add("--share-net");
        }
    }

    private void root(LocalImages.LocalImage image) throws IOException {
        var root = image.root();
        if (root == null) {
            for (var argument : RootView.part(USR_AND_LINKS, mountPoints(Map.of()))) {
                arguments.add(argument);
            }
            for (var file : ETC_FILES) {
                add("--ro-bind-try", file, file);
            }
            add("--dir", "/var", "--symlink", "../tmp", "/var/tmp");
            bindEtc(etcFiles(null));
        } else {
            var etc = etcFiles(root);
            arguments.addAll(RootView.arguments(root, staging.reachable(root), mountPoints(etc)));
            bindEtc(etc);
        }
    }

    private List<String> mountPoints(Map<String, Path> etc) {
        var result = new ArrayList<>(etc.keySet());
        spec.mounts().forEach(mount -> result.add(mount.kernelPath()));
        return result;
    }

    private void bindEtc(Map<String, Path> etc) {
        etc.forEach((inside, file) -> add("--ro-bind", file.toString(), inside));
    }

    /** Writes the files of {@code /etc} that are this kernel's own; returns them by their path inside. */
    private Map<String, Path> etcFiles(@Nullable Path root) throws IOException {
        var result = new LinkedHashMap<String, Path>();
        var hosts = "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 " + spec.hostname() + "\n";
        result.put("/etc/hosts", etcFile("hosts", hosts));
        result.put("/etc/passwd", etcFile("passwd", merged(root, "etc/passwd", ":1000:", PASSWD_LINE)));
        result.put("/etc/group", etcFile("group", merged(root, "etc/group", ":1000:", GROUP_LINE)));
        if (root == null) {
            result.put(
                    "/etc/nsswitch.conf", etcFile("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"));
        }
        if (traits.hasNetwork()) {
            result.put("/etc/resolv.conf", etcFile("resolv.conf", "nameserver 10.0.2.3\n"));
        }
        return result;
    }

    private Path etcFile(String name, String content) throws IOException {
        OwnFiles.write(draft.file("etc." + name), content, OwnFiles.READABLE);
        return place.file("etc." + name);
    }

    /** Returns the image's own file with our line added, unless it has one for our number. */
    private static String merged(@Nullable Path root, String file, String number, String line) throws IOException {
        if (root == null || !Files.isDirectory(root.resolve("etc"), LinkOption.NOFOLLOW_LINKS)) {
            return line;
        }
        var path = root.resolve(file);
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return line;
        }
        var own = OwnFiles.read(path, ETC_FILE_LIMIT).orElse("");
        if (own.contains(number)) {
            return own;
        }
        return own + (own.isEmpty() || own.endsWith("\n") ? "" : "\n") + line;
    }

    private void devices() {
        var shared = spec.limits().sharedMemoryBytes();
        var temporary = Math.min(traits.temporaryBytes(), spec.limits().memoryBytes());
        add("--proc", "/proc", "--dev", "/dev");
        add("--perms", "1777", "--size", Long.toString(shared == 0 ? DEFAULT_SHARED_MEMORY : shared));
        add("--tmpfs", "/dev/shm", "--remount-ro", "/dev");
        add("--perms", "1777", "--size", Long.toString(temporary), "--tmpfs", "/tmp");
    }

    private void environment() {
        environmentOf(spec).forEach((name, value) -> add("--setenv", name, value));
    }

    /** Returns the variables of a kernel, with those that every program needs. */
    static Map<String, String> environmentOf(KernelSpec spec) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin");
        variables.put("HOME", HOME);
        variables.put("USER", "work");
        variables.put("LOGNAME", "work");
        variables.put("LANG", "C.UTF-8");
        variables.putAll(spec.environment());
        variables.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + name + "' cannot be an environment variable");
            }
        });
        return variables;
    }

    private void add(String... words) {
        arguments.addAll(List.of(words));
    }
}
