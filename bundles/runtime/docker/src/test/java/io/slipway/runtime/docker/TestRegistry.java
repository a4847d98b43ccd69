package io.slipway.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A registry of the tests' own in the network of their engine. */
final class TestRegistry {

    static final String ADDRESS = "127.0.0.1:5000";
    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

    private final Path folder;
    private final Process process;

    TestRegistry(TestEngine engine) throws IOException {
        Assumptions.assumeTrue(Files.exists(PROGRAM), "docker-registry is not installed");
        folder = Files.createTempDirectory("slipway-registry");
        var settings = Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s/data}, delete: {enabled: true}, cache: {}}
                http: {addr: "%s"}
                """.formatted(folder, ADDRESS));
        process = new ProcessBuilder(
                        "nsenter",
                        "--target",
                        Long.toString(engine.namespace()),
                        "--net",
                        "--",
                        PROGRAM.toString(),
                        "serve",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Puts an image of the engine into the registry and takes it from the engine. */
    void take(TestEngine engine, String image, String name) throws IOException, InterruptedException {
        engine.docker("tag", image, ADDRESS + "/" + name);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!push(engine, name)) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IOException("the registry does not answer: " + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(50);
        }
        engine.docker("rmi", ADDRESS + "/" + name);
    }

    private static boolean push(TestEngine engine, String name) throws InterruptedException {
        try {
            engine.docker("push", ADDRESS + "/" + name);
            return true;
        } catch (IOException e) {
            // it begins to listen at any moment
            return false;
        }
    }

    /** Loses the largest thing that it has, as a disk would. */
    void loseALayer() throws IOException {
        try (var files = Files.walk(folder.resolve("data"))) {
            var largest = files.filter(Files::isRegularFile)
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
            Files.delete(largest);
        }
    }

    /** Not {@link AutoCloseable}: it waits. */
    void stop() throws IOException, InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IOException("the registry does not end");
        }
        TestEngine.run(List.of("rm", "-rf", folder.toString()));
    }
}
