package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there after {@code kill -9}, and no put is there by half. */
class KilledWriterTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void losesNothingThatWasAcknowledged() throws Exception {
        var last = killAfter(200);
        var store = new EmbeddedConfigStore(StoreFile.in(folder), System::nanoTime);
        store.start();
        for (var i = 0; i <= last.number; i++) {
            assertEquals(Optional.of("v" + i), store.get("a/" + i));
        }
        assertEquals(store.list("a/").size(), store.list("b/").size());
        assertTrue(store.acquire("lease", "other", Duration.ofMinutes(1)).orElseThrow() > last.token);
        store.stop();
    }

    private record Acknowledged(int number, long token) {}

    private Acknowledged killAfter(int lines) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(List.of(
                        java,
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = null;
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var i = 0; i < lines; i++) {
                last = out.readLine();
            }
            process.toHandle().destroyForcibly(); // SIGKILL, and what it has printed can still be read
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        var parts = last.split(" ", -1);
        return new Acknowledged(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
}
