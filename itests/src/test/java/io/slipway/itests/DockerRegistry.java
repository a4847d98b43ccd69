package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A registry of images of the tests' own, in the network of their engine. */
final class DockerRegistry implements AutoCloseable {

    static final String ADDRESS = "127.0.0.1:5000";

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

    private final Path folder;
    private final Process process;

    private DockerRegistry(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Starts one, empty. */
    static DockerRegistry start(DockerEngine engine) throws IOException {
        if (!Files.exists(PROGRAM)) {
            throw new AssertionError("type: sudo apt-get install docker-registry");
        }
        var folder = Files.createTempDirectory("slipway-registry");
        var settings = Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s/data}, cache: {}}
                http: {addr: "%s"}
                """.formatted(folder, ADDRESS));
        var process = new ProcessBuilder(
                        "nsenter",
                        "--target",
                        engine.namespace(),
                        "--net",
                        "--",
                        PROGRAM.toString(),
                        "serve",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new DockerRegistry(folder, process);
    }

    /** Puts an image of the engine into the registry, as soon as that listens. */
    void take(DockerEngine engine, String image) {
        Await.until(LIMIT, () -> engine.tryDocker("push", ADDRESS + "/" + image), pushed -> pushed.exit() == 0);
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
        new Command(List.of("rm", "-rf", folder.toString()), Path.of("/"), Map.of(), LIMIT)
                .run()
                .succeeded();
    }
}
