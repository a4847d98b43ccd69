package io.slipway.plugin.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;

/** The bundles that the distribution brought: files in its repository. */
final class Distribution {

    /** Group, artifact, version and, if it is not a plain jar, type and classifier. */
    private static final Pattern LOCATION =
            Pattern.compile("mvn:([\\w.-]+)/([\\w.-]+)/([\\w.-]+)(?:/(\\w+)(?:/([\\w.-]+))?)?");

    private static final int BUFFER = 1 << 16;

    private final Path repository;

    Distribution(Path repository) {
        this.repository = repository;
    }

    /** Returns the file from which a bundle with this location was installed; empty if it is none of the distribution. */
    Optional<Path> file(String location) {
        var matcher = LOCATION.matcher(location);
        if (!matcher.matches() || location.contains("..")) {
            return Optional.empty();
        }
        var version = matcher.group(3);
        var classifier = matcher.group(5) == null ? "" : "-" + matcher.group(5);
        var type = matcher.group(4) == null ? "jar" : matcher.group(4);
        var file = repository
                .resolve(matcher.group(1).replace('.', '/'))
                .resolve(matcher.group(2))
                .resolve(version)
                .resolve(matcher.group(2) + "-" + version + classifier + "." + type);
        return Optional.of(file).filter(Files::isRegularFile);
    }

    /** Returns whether a bundle has exactly what a file has; it need not be resolved for that. */
    static boolean isSame(Bundle bundle, Path file) throws IOException {
        var kept = kept(bundle);
        return (kept.isPresent() && Files.mismatch(kept.get(), file) == -1) || hasSameEntries(bundle, file);
    }

    /**
     * Returns the jar that the framework keeps of a bundle: a first start looks at all of them, and the bytes of a file are
     * compared much faster than its unpacked entries. Empty if the folder looks otherwise than Felix leaves it after an
     * installation.
     */
    private static Optional<Path> kept(Bundle bundle) throws IOException {
        var data = bundle.getDataFile("");
        if (data == null || data.getParentFile() == null) {
            return Optional.empty();
        }
        try (var revisions = Files.newDirectoryStream(data.getParentFile().toPath(), "version*")) {
            var all = new ArrayList<Path>();
            revisions.forEach(all::add);
            return all.size() == 1
                    ? Optional.of(all.getFirst().resolve("bundle.jar")).filter(Files::isRegularFile)
                    : Optional.empty();
        }
    }

    private static boolean hasSameEntries(Bundle bundle, Path file) throws IOException {
        try (var jar = new JarFile(file.toFile(), false)) {
            var names = new HashSet<String>();
            for (var entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory()) {
                    names.add(entry.getName());
                    if (!isSame(bundle, jar, entry)) {
                        return false;
                    }
                }
            }
            return names.equals(names(bundle, "/", new HashSet<>()));
        }
    }

    private static boolean isSame(Bundle bundle, JarFile jar, JarEntry entry) throws IOException {
        var other = bundle.getEntry(entry.getName());
        if (other == null) {
            return false;
        }
        try (var expected = jar.getInputStream(entry);
                var actual = other.openStream()) {
            return isSame(expected, actual);
        }
    }

    private static boolean isSame(InputStream one, InputStream other) throws IOException {
        while (true) {
            var bytes = one.readNBytes(BUFFER);
            if (!java.util.Arrays.equals(bytes, other.readNBytes(BUFFER))) {
                return false;
            }
            if (bytes.length == 0) {
                return true;
            }
        }
    }

    private static Set<String> names(Bundle bundle, String folder, Set<String> names) {
        var paths = bundle.getEntryPaths(folder);
        while (paths != null && paths.hasMoreElements()) {
            var path = paths.nextElement();
            if (path.endsWith("/")) {
                names(bundle, path, names);
            } else {
                names.add(path);
            }
        }
        return names;
    }
}
