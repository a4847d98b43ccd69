package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The genuine client in a Python environment of its own. The Python is, in this order: {@code SLIPWAY_TEST_PYTHON}, a 3.12
 * on the PATH, one under {@code ~/.pyenv/versions}.
 */
final class PythonClient {

    static final String VERSION = "24.09.14";
    private static final Path FOLDER = Path.of("target", "python-client").toAbsolutePath();
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);

    private final Path program;
    private final Path folder;
    private final Map<String, String> environment;

    private PythonClient(Path program, Path folder, Map<String, String> environment) {
        this.program = program;
        this.folder = folder;
        this.environment = environment;
    }

    /**
     * Returns the client for a user of an installation, installing it into the build folder on the first call.
     *
     * @param stateFolder where it keeps what it has to remember and where its commands run
     */
    static PythonClient of(Map<String, String> clientEnvironment, Path stateFolder) {
        var environment = new HashMap<>(clientEnvironment);
        environment.put("HOME", stateFolder.toString());
        environment.put("XDG_CACHE_HOME", stateFolder.resolve("cache").toString());
        environment.put("XDG_STATE_HOME", stateFolder.resolve("state").toString());
        environment.put("PYTHONWARNINGS", "ignore");
        return new PythonClient(install(), stateFolder, environment);
    }

    /** Runs {@code backend.ai} with these words; says yes to whatever it asks. */
    Command.Result run(String... words) {
        var line = new ArrayList<>(List.of(program.toString()));
        line.addAll(Arrays.asList(words));
        return new Command(line, folder, environment, Duration.ofSeconds(90)).run("y\n");
    }

    /** Runs a command that ends something. */
    void destroys(String... words) {
        var result = run(words).succeeded();
        assertFalse(result.all().contains("Traceback"), result.all());
    }

    /** Runs a listing command and returns its items. */
    JsonNode items(String... words) {
        var line = new String[words.length + 1];
        line[0] = "--output=json";
        System.arraycopy(words, 0, line, 1, words.length);
        var items = Api.json(run(line).succeeded().out()).path("items");
        assertTrue(items.isArray(), () -> String.join(" ", words) + " gives no items");
        return items;
    }

    /** Returns a session as {@code ps} lists it. */
    JsonNode session(String name) {
        for (var item : items("ps")) {
            if (item.path("name").asText().equals(name)) {
                return item;
            }
        }
        throw new AssertionError("ps does not list " + name);
    }

    /** Returns the folder that commands run in. */
    Path folder() {
        return folder;
    }

    /** Runs a Python script against the client's library. */
    Command.Result script(String code, Duration limit) {
        var python = program.resolveSibling("python").toString();
        return new Command(List.of(python, "-c", code), folder, environment, limit).run();
    }

    /** Other JVMs may test at the same time. */
    private static synchronized Path install() {
        try {
            Files.createDirectories(FOLDER);
            try (var file = FileChannel.open(
                            FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = file.lock()) {
                var mark = FOLDER.resolve("installed-" + VERSION);
                if (!Files.exists(mark)) {
                    installAnew();
                    Files.createFile(mark);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FOLDER.resolve("venv/bin/backend.ai");
    }

    private static void installAnew() {
        var venv = List.of(python(), "-m", "venv", "--clear", "venv");
        new Command(venv, FOLDER, Map.of(), INSTALL_LIMIT).run().succeeded();
        if (pip("backend.ai-client==" + VERSION).exit() != 0) {
            pip("backend.ai-client>=24.09,<24.10").succeeded();
        }
    }

    private static Command.Result pip(String requirement) {
        return new Command(List.of("venv/bin/pip", "install", "-q", requirement), FOLDER, Map.of(), INSTALL_LIMIT)
                .run();
    }

    /** Returns the version that is really installed; another than {@link #VERSION} where that is not served. */
    String version() {
        var line = List.of(
                program.resolveSibling("python").toString(),
                "-c",
                "from importlib.metadata import version; print(version('backend.ai-client'))");
        return new Command(line, FOLDER, Map.of(), Duration.ofSeconds(30))
                .run()
                .succeeded()
                .out()
                .strip();
    }

    private static String python() {
        return candidates()
                .filter(PythonClient::isPython312)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Python 3.12 for the genuine client: set SLIPWAY_TEST_PYTHON,"
                        + " put python3.12 on the PATH, or install one by pyenv"));
    }

    private static Stream<String> candidates() {
        var versions = Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        try (var folders = Files.exists(versions) ? Files.list(versions) : Stream.<Path>empty()) {
            var pyenv = folders.filter(folder -> folder.getFileName().toString().startsWith("3.12"))
                    .map(folder -> folder.resolve("bin/python3").toString())
                    .toList();
            return Stream.concat(
                    Stream.concat(
                            Optional.ofNullable(System.getenv("SLIPWAY_TEST_PYTHON")).stream(),
                            Stream.of("python3.12", "python3")),
                    pyenv.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPython312(String program) {
        try {
            var check = "import sys; sys.exit(sys.version_info[:2] != (3, 12))";
            return new Command(List.of(program, "-c", check), Path.of("/"), Map.of(), Duration.ofSeconds(20))
                            .run()
                            .exit()
                    == 0;
        } catch (UncheckedIOException e) {
            return false; // no such program
        }
    }
}
