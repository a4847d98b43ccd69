package io.slipway.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Docker engine of the tests' own, in namespaces of its own: never the machine's. */
final class DockerEngine implements AutoCloseable {

    /** Who sums up the results knows these words. */
    static final String NO_DOCKERD = "dockerd is missing; type: sudo apt-get install docker.io";

    private static final Logger LOG = LoggerFactory.getLogger(DockerEngine.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final Path data;

    private DockerEngine(Path folder, Path data) {
        this.folder = folder;
        this.data = data;
    }

    /** Returns why no engine can be started here, or an empty text. */
    static String obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "an engine of the tests' own needs root";
        }
        var found = new Command(
                        List.of("sh", "-c", "command -v dockerd && command -v docker"), Path.of("/"), Map.of(), LIMIT)
                .run();
        return found.exit() == 0 ? "" : NO_DOCKERD;
    }

    /** Starts one with an empty store. */
    static DockerEngine start() {
        try {
            var folder = Files.createTempDirectory(Path.of("/tmp"), "slipway-engine");
            return start(folder, folder.resolve("data"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one whose images, layers and logs lie on a file system of so many megabytes. */
    static DockerEngine startOnSmallDisk(int megabytes) {
        try {
            var folder = Files.createTempDirectory(Path.of("/tmp"), "slipway-engine");
            var data = Files.createDirectory(folder.resolve("data"));
            var file = folder.resolve("disk");
            command("truncate", "-s", megabytes + "M", file.toString());
            command("mkfs.ext4", "-q", "-F", file.toString());
            if (mount(data, "-o", "loop", file.toString()).exit() != 0) {
                LOG.warn("No loop device is free or allowed here: the small disk is memory");
                mount(data, "-t", "tmpfs", "-o", "size=" + megabytes + "m", "small")
                        .succeeded();
            }
            return start(folder, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command.Result mount(Path place, String... words) {
        var line = new ArrayList<>(List.of("mount"));
        line.addAll(Arrays.asList(words));
        line.add(place.toString());
        return new Command(line, Path.of("/"), Map.of(), LIMIT).run();
    }

    private static DockerEngine start(Path folder, Path data) throws IOException {
        for (var name : List.of("engine.sh", "images.sh")) {
            var target = folder.resolve(name);
            try (InputStream script =
                    Objects.requireNonNull(DockerEngine.class.getResourceAsStream("docker/" + name))) {
                Files.copy(script, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        var engine = new DockerEngine(folder, data);
        var isUp = false;
        try {
            engine.up();
            isUp = true;
            return engine;
        } finally {
            if (!isUp) {
                engine.close();
            }
        }
    }

    /** Starts the engine again over the same store. */
    void up() {
        script("engine.sh", "up", folder.toString(), data.toString());
    }

    /** Makes the images of the tests; closes the engine if that fails. */
    void images(String... further) {
        var areMade = false;
        try {
            makeImages(further);
            areMade = true;
        } finally {
            if (!areMade) {
                close();
            }
        }
    }

    private List<String> makeImages(String... further) {
        var words = new ArrayList<>(List.of(socket().toString()));
        words.addAll(Arrays.asList(further));
        return script("images.sh", words.toArray(String[]::new)).lines().toList();
    }

    private String script(String name, String... words) {
        var line = new ArrayList<>(List.of("sh", folder.resolve(name).toString()));
        line.addAll(Arrays.asList(words));
        return new Command(line, folder, Map.of(), LIMIT).run().succeeded().out();
    }

    private static void command(String... words) {
        new Command(List.of(words), Path.of("/"), Map.of(), LIMIT).run().succeeded();
    }

    Path socket() {
        return folder.resolve("docker.sock");
    }

    /** Returns the process whose network is the engine's. */
    String namespace() {
        return pid("namespace.pid");
    }

    /** Returns where images, layers and logs lie. */
    Path data() {
        return data;
    }

    /** Runs the docker command line on this engine. */
    String docker(String... words) {
        return tryDocker(words).succeeded().out().strip();
    }

    Command.Result tryDocker(String... words) {
        var line = new ArrayList<>(List.of("docker", "-H", "unix://" + socket()));
        line.addAll(Arrays.asList(words));
        return new Command(line, folder, Map.of(), LIMIT).run();
    }

    /** Returns ids of all containers, also of those that do not run. */
    List<String> containers() {
        return docker("ps", "-aq", "--no-trunc").lines().toList();
    }

    /** Kills the engine; what it started lives on. */
    void kill() {
        signal("-9", "pid");
        Await.until(LIMIT, () -> tryDocker("ps").exit(), exit -> exit != 0);
    }

    /** Stops the engine as its service would: it ends what it started. */
    void stop() {
        var process = ProcessHandle.of(Long.parseLong(pid("pid"))).orElseThrow();
        signal("-TERM", "pid");
        Await.until(LIMIT, process::isAlive, isAlive -> !isAlive);
    }

    /** Stops or continues the engine, as if it hung. */
    void freeze(boolean isFrozen) {
        signal(isFrozen ? "-STOP" : "-CONT", "pid");
    }

    /** Stops or continues what starts containers for the engine; the engine itself answers. */
    void freezeStarts(boolean isFrozen) {
        signal(isFrozen ? "-STOP" : "-CONT", "exec/containerd/containerd.pid");
    }

    /** Stops or continues what stands between the engine and one container, so that calls about that one hang. */
    void freezeContainer(String name, boolean isFrozen) {
        var id = docker("ps", "-aq", "--no-trunc", "--filter", "name=" + name);
        var shim = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(words -> List.of(words).contains(id))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody holds container " + name));
        command("kill", isFrozen ? "-STOP" : "-CONT", Long.toString(shim.pid()));
    }

    private void signal(String signal, String pidFile) {
        command("kill", signal, pid(pidFile));
    }

    private String pid(String file) {
        try {
            return Files.readString(folder.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        script("engine.sh", "down", folder.toString());
        new Command(List.of("umount", "-l", data.toString()), Path.of("/"), Map.of(), LIMIT).run();
        new Command(List.of("rm", "-rf", folder.toString()), Path.of("/"), Map.of(), LIMIT).run();
        try (Stream<Path> left = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            if (left.findAny().isPresent()) {
                throw new AssertionError("the engine left something in " + folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
