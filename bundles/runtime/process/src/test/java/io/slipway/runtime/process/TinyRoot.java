package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;

/** A root file system of a few programs of this machine and the libraries that they need. */
final class TinyRoot {

    private static final Pattern LIBRARY = Pattern.compile("(/[^ ]+\\.so[^ ]*)");

    private TinyRoot() {}

    static void make(Path root) throws Exception {
        for (var name : List.of("usr/bin", "usr/lib", "etc", "opt", "home", "root", "srv/data")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nvisitor:x:500:500::/:/bin/sh\n");
        Files.writeString(root.resolve("etc/issue"), "tiny\n");
        Files.writeString(root.resolve("opt/tool"), "a tool\n");
        for (var program : List.of("sh", "cat", "id", "ls", "sleep", "mv", "touch")) {
            var source = Path.of("/usr/bin", program).toRealPath();
            Files.copy(source, root.resolve("usr/bin").resolve(program));
            copyLibraries(source, root);
        }
        open(root);
    }

    private static void copyLibraries(Path program, Path root) throws IOException, InterruptedException {
        var process = new ProcessBuilder("ldd", program.toString()).start();
        for (var line : process.inputReader().lines().toList()) {
            var matcher = LIBRARY.matcher(line);
            if (matcher.find()) {
                var target = root.resolve("." + matcher.group(1)).normalize();
                if (!Files.exists(target)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(Path.of(matcher.group(1)).toRealPath(), target);
                }
            }
        }
        process.waitFor();
    }

    private static void open(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                if (!Files.isSymbolicLink(path)) {
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
