package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Files in a session that are very many or very large, whatever runs it. */
final class FileFloods {

    private static final long MIB = 1L << 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Installation installation;
    private final Api api;

    FileFloods(Installation installation) {
        this.installation = installation;
        api = new Api(SignedHttp.user(installation));
    }

    /** Ten thousand files are listed, one more is told of; neither is packed into an answer without an end. */
    void makeManyFiles(String session, String name) {
        var code = "import os\nos.mkdir('many')\n"
                + "for i in range(10_001): open('many/%05d' % i, 'w').close()\nprint(len(os.listdir('many')))\n";
        assertEquals("10001\n", api.run(session, code).stdout());
        var listed = Api.json(api.send("GET", "/session/" + name + "/files", Api.text(Map.of("path", "many")))
                .body());
        assertEquals(10_000, Api.json(listed.path("files").asText()).size());
        assertTrue(
                listed.path("errors").asText().contains("10000"),
                () -> listed.path("errors").asText());
        var archive = api.send("POST", "/session/" + name + "/download", Api.text(Map.of("files", List.of("many"))));
        assertTrue(archive.statusCode() >= 400 && archive.body().contains("more than 10000"), archive::body);
    }

    /** Five gigabytes go through a server that stays small; one that has enough of it leaves nothing open. */
    void downloadHugeFile(String session, String name) {
        var made = api.run(session, "open('big', 'wb').truncate(5 << 30)");
        assertEquals(0, made.exitCode(), made::toString);
        var target = "/session/" + name + "/download_single";
        var body = Api.text(Map.of("file", "big"));
        var before = residentBytes();
        assertEquals(5L << 30, api.download(target, body));
        for (var i = 0; i < 5; i++) {
            api.breakOff(target, body);
        }
        Await.until(LIMIT, this::openHugeFiles, count -> count == 0);
        var grown = residentBytes() - before;
        assertTrue(grown < 200 * MIB, () -> "the server grew by " + grown / MIB + " MiB");
        var refused = api.send("POST", target, Api.text(Map.of("file", "small")));
        assertTrue(refused.statusCode() >= 400 && refused.statusCode() < 500, refused::body);
    }

    private long openHugeFiles() {
        try (var files = Files.list(Path.of("/proc/" + installation.pid() + "/fd"))) {
            return files.filter(FileFloods::isHugeFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isHugeFile(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).endsWith("big");
        } catch (IOException e) {
            // closed between two looks
            return false;
        }
    }

    private long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc/" + installation.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .sum()
                    << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
