package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A checkout with the real launcher and a distribution whose server is a few lines of Python.
 *
 * <p>What is tested with it is the launcher alone, in a fraction of the time.
 */
final class FakeCheckout implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path TARBALL = Path.of("distributions/all-in-one/target/fake.tar.gz");

    private final Path root;
    private final Set<Path> homes = new TreeSet<>();

    FakeCheckout() {
        try {
            root = Files.createTempDirectory("slipway-launcher");
            // somebody else runs it too
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            bash("cp -r '" + Installation.ROOT + "/slipway' . && mkdir etc && cp -r '" + Installation.ROOT
                    + "/etc/launcher' etc/ && chmod -R a+rX . && mkdir -p " + TARBALL.getParent());
            build("first");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path root() {
        return root;
    }

    /** Makes a distribution; another mark makes another build. */
    void build(String mark) {
        try {
            var tree = root.resolve("tree/distribution");
            for (var folder : List.of("bin", "etc", "lib", "system", "plugins/noop")) {
                Files.createDirectories(tree.resolve(folder));
            }
            for (var name : List.of("karaf", "server.py")) {
                try (var in = FakeCheckout.class.getResourceAsStream("fake/" + name)) {
                    Files.write(tree.resolve("bin").resolve(name), in.readAllBytes());
                }
            }
            tree.resolve("bin/karaf").toFile().setExecutable(true, false);
            Files.writeString(tree.resolve("etc/keys.properties"), "# keys\n");
            Files.writeString(tree.resolve("etc/sample.cfg"), "mark = " + mark + "\n");
            Files.writeString(tree.resolve("plugins/noop/1.jar"), mark);
            var weight = new byte[4 << 20];
            new Random(1).nextBytes(weight);
            Files.write(tree.resolve("lib/weight"), weight);
            bash("tar -czf " + TARBALL + " -C tree distribution && chmod -R a+rX .");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A home below the checkout that is stopped in the end. */
    Path home(String name) {
        var home = root.resolve("homes").resolve(name);
        homes.add(home);
        return home;
    }

    Command.Result slipway(Map<String, String> environment, String... words) {
        var line = new ArrayList<>(List.of(root.resolve("slipway").toString()));
        line.addAll(List.of(words));
        return run(environment, line);
    }

    Command.Result up(Path home, int port) {
        return slipway(Map.of(), "up", "--no-demo", "--home", home.toString(), "--api-port", Integer.toString(port));
    }

    /** Runs a script in the root of the checkout. */
    Command.Result bash(String script) {
        return run(Map.of(), List.of("bash", "-c", script));
    }

    Command.Result run(Map<String, String> environment, List<String> words) {
        var all = new HashMap<>(environment);
        all.putIfAbsent("SLIPWAY_BUILD", "no");
        return new Command(words, root, all, LIMIT).run();
    }

    @Override
    public void close() {
        for (var home : homes) {
            slipway(Map.of(), "down", "--home", home.toString());
        }
        try (var files = Files.walk(root)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
