package io.slipway.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The tests' own Docker engine, one for all tests of this module: never the machine's. */
final class TestEngine {

    private static final Path SCRIPTS = Path.of("../../../itests/src/test/resources/io/slipway/itests/docker");

    private static TestEngine only;

    private final Path folder;

    private TestEngine(Path folder) {
        this.folder = folder;
    }

    /** Returns it, started and with images; tests that need it are skipped where there can be none. */
    static synchronized TestEngine get() throws IOException, InterruptedException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "an engine of its own needs root");
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/sbin/dockerd")), "dockerd is not installed (docker.io)");
        if (only == null) {
            var made = new TestEngine(Files.createTempDirectory(Path.of("/tmp"), "slipway-engine"));
            Runtime.getRuntime().addShutdownHook(new Thread(made::down));
            made.script("engine.sh", "up", made.folder.toString());
            made.script("images.sh", made.socket().toString());
            only = made;
        }
        return only;
    }

    Path folder() {
        return folder;
    }

    Path socket() {
        return folder.resolve("docker.sock");
    }

    /** Runs the docker command line on this engine. */
    String docker(String... words) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("docker", "-H", "unix://" + socket()));
        line.addAll(List.of(words));
        return run(line);
    }

    /** Stops or continues the engine, as if it hung. */
    void freeze(boolean isFrozen) throws IOException, InterruptedException {
        run(List.of(
                "kill",
                isFrozen ? "-STOP" : "-CONT",
                Files.readString(folder.resolve("pid")).strip()));
    }

    private void script(String name, String... words) throws IOException, InterruptedException {
        var line = new ArrayList<>(
                List.of("sh", SCRIPTS.resolve(name).toAbsolutePath().normalize().toString()));
        line.addAll(List.of(words));
        run(line);
    }

    private static String run(List<String> line) throws IOException, InterruptedException {
        var out = Files.createTempFile("slipway-engine", ".out");
        try {
            var process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(line + " failed: " + Files.readString(out));
            }
            return Files.readString(out).strip();
        } finally {
            Files.delete(out);
        }
    }

    private void down() {
        try {
            script("engine.sh", "down", folder.toString());
            run(List.of("rm", "-rf", "--one-file-system", folder.toString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
