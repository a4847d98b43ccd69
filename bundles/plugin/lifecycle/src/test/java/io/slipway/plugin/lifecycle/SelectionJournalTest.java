package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class SelectionJournalTest {

    private static final PluginId CPU = new PluginId("cpu");
    private static final PluginId MEM = new PluginId("mem");
    private static final Version ONE = new Version(1, 0, 0);
    private static final Version TWO = new Version(2, 0, 0, "rc1");

    @TempDir
    private Path folder;

    private Path file;
    private SelectionJournal journal;

    @BeforeEach
    void openJournal() {
        file = folder.resolve("plugins/journal.jsonl");
        journal = new SelectionJournal(file, () -> Instant.EPOCH);
    }

    @Test
    void startsEmpty() throws IOException {
        assertEquals(Map.of(), journal.selection());
    }

    @Test
    void countsTheLastSelection() throws IOException {
        journal.select(CPU, ONE);
        journal.select(MEM, ONE);
        journal.select(CPU, TWO);
        assertEquals(Map.of(CPU, TWO, MEM, ONE), new SelectionJournal(file, () -> Instant.EPOCH).selection());
    }

    @Test
    void survivesATornLine() throws IOException {
        journal.select(CPU, ONE);
        Files.writeString(file, "{\"at\":\"1970-01-01T00:00:00Z\",\"step\":\"sel", StandardOpenOption.APPEND);
        assertEquals(Map.of(CPU, ONE), journal.selection());

        journal.select(MEM, TWO);
        assertEquals(Map.of(CPU, ONE, MEM, TWO), journal.selection());
        assertEquals(2, Files.readAllLines(file).size());
    }

    @Test
    void passesOverWhatLaterWritersAdd() throws IOException {
        journal.select(CPU, ONE);
        Files.writeString(file, """
                {"step":"retire","plugin":"cpu","version":"2.0.0"}
                {"step":"select","plugin":"mem","version":"1.0.0","digest":"00"}
                """, StandardOpenOption.APPEND);
        assertEquals(Map.of(CPU, ONE, MEM, ONE), journal.selection());
    }

    @Test
    void losesOnlyTheLineThatIsNoText() throws IOException {
        journal.select(CPU, ONE);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xc0, 0, '\n'}, StandardOpenOption.APPEND);
        journal.select(MEM, TWO);
        assertEquals(Map.of(CPU, ONE, MEM, TWO), journal.selection());
    }
}
