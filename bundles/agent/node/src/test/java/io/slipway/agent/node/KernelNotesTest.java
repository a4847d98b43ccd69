package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.plugin.api.PluginId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelNotesTest {

    @TempDir
    Path folder;

    private final KernelId kernel = new KernelId(UUID.randomUUID());
    private final KernelNote starting =
            KernelNote.starting(kernel, new SessionId(UUID.randomUUID()), new PluginId("noop"), List.of());
    private final KernelNote running = starting.at(KernelNote.Stage.RUNNING, "container");

    @Test
    void theLastOneCounts() throws Exception {
        var notes = new KernelNotes(folder);
        assertEquals(Optional.empty(), notes.read(kernel));
        notes.write(starting);
        assertEquals(Optional.of(starting), notes.read(kernel));
        notes.write(running);
        var ended = running.ending(new KernelExit(ExitReason.USER_REQUESTED, 0, ""), "two\nlines\r\nand \"more\"");
        notes.write(ended);
        assertEquals(Optional.of(ended), notes.read(kernel));
        assertEquals(List.of(ended), notes.readAll());
        notes.delete(kernel);
        assertEquals(List.of(), notes.readAll());
    }

    @Test
    void aLineWithoutItsEndChangesNothing() throws Exception {
        var notes = new KernelNotes(folder);
        notes.write(running);
        Files.writeString(file(), "\n{\"kernel\":\"" + kernel, StandardOpenOption.APPEND);
        assertEquals(Optional.of(running), notes.read(kernel));
        var ended = running.ending(new KernelExit(ExitReason.USER_REQUESTED, 0, ""), "");
        notes.write(ended);
        assertEquals(Optional.of(ended), notes.read(kernel));
    }

    @Test
    void readsWhatAnOlderVersionWrote() throws Exception {
        var notes = new KernelNotes(folder);
        notes.write(running);
        Files.writeString(file(), Files.readString(file()).strip());
        assertEquals(Optional.of(running), notes.read(kernel));
    }

    @Test
    void saysThatAFileMakesNoSense() throws Exception {
        Files.writeString(file(), "half a note\n");
        assertThrows(JsonProcessingException.class, () -> new KernelNotes(folder).read(kernel));
        assertEquals(List.of(), new KernelNotes(folder).readAll());
    }

    /** The server was killed between the making of the file and its first byte. */
    @Test
    void knowsNothingOfAKernelWhoseFileIsEmpty() throws Exception {
        Files.createFile(file());
        assertEquals(Optional.empty(), new KernelNotes(folder).read(kernel));
        assertEquals(List.of(), new KernelNotes(folder).readAll());
    }

    private Path file() {
        return folder.resolve(kernel + ".json");
    }
}
