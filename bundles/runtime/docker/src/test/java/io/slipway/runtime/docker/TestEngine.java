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

    private static final Path OWN_SCRIPTS =
            Path.of("src/test/resources/io/slipway/runtime/docker").toAbsolutePath();
    /** Where the engine listens with TLS, in its own network. */
    static final int TLS_PORT = 2376;

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
            script(OWN_SCRIPTS.resolve("certificates.sh"), made.certificates().toString());
            made.up();
            script("images.sh", made.socket().toString());
            only = made;
        }
        return only;
    }

    private void up() throws IOException, InterruptedException {
        var folder = certificates().resolve("server");
        var line = new ArrayList<String>(List.of("env"));
        line.add("ENGINE_OPTIONS=--tlsverify --tlscacert " + folder + "/ca.pem --tlscert " + folder
                + "/cert.pem --tlskey " + folder + "/key.pem -H tcp://127.0.0.1:" + TLS_PORT);
        line.addAll(List.of("sh", script("engine.sh").toString(), "up", this.folder.toString()));
        run(line);
    }

    /** Returns the folder of the folders server, client and stranger, each with ca.pem, cert.pem and key.pem. */
    Path certificates() {
        return folder.resolve("certificates");
    }

    /** Returns a process that has the engine's network, in which {@link #TLS_PORT} is. */
    long namespace() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("namespace.pid")).strip());
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

    private static Path script(String name) {
        return SCRIPTS.resolve(name).toAbsolutePath().normalize();
    }

    private static void script(String name, String... words) throws IOException, InterruptedException {
        script(script(name), words);
    }

    private static void script(Path script, String... words) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("sh", script.toString()));
        line.addAll(List.of(words));
        run(line);
    }

    static String run(List<String> line) throws IOException, InterruptedException {
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
