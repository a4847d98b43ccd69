package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class ShippedPluginsTest {

    private static final PluginId CPU = new PluginId("cpu");
    private static final Version FIRST = new Version("1.0.0");
    private static final Version SECOND = new Version("2.0.0");
    private static final Version OWN = new Version("1.5.0");
    private static final Set<Version> ON_DISK = Set.of(FIRST, OWN, SECOND);

    @TempDir
    private Path folder;

    private SelectionJournal journal;

    @BeforeEach
    void makeJournal() {
        journal = new SelectionJournal(folder.resolve("journal.jsonl"), () -> Instant.EPOCH);
    }

    @Test
    void goesToTheVersionOfANewBuild() throws IOException {
        boot("cpu/1.0.0.jar", FIRST);
        assertEquals(Optional.of(SECOND), boot("cpu/2.0.0.jar", FIRST));
    }

    @Test
    void goesToItOnceOnly() throws IOException {
        boot("cpu/1.0.0.jar", FIRST);
        boot("cpu/2.0.0.jar", FIRST);
        assertEquals(Optional.empty(), boot("cpu/2.0.0.jar", FIRST), "somebody has rolled it back meanwhile");
    }

    @Test
    void leavesWhatWasChosen() throws IOException {
        boot("cpu/1.0.0.jar", FIRST);
        assertEquals(Optional.empty(), boot("cpu/2.0.0.jar", OWN));
    }

    @Test
    void goesBackWithAnOlderBuild() throws IOException {
        boot("cpu/2.0.0.jar", SECOND);
        assertEquals(Optional.of(FIRST), boot("cpu/1.0.0.jar", SECOND));
    }

    @Test
    void takesWhatWasNeverSwappedForTheBuildsWhereNoListOfItIs() throws IOException {
        journal.select(CPU, FIRST);
        assertEquals(Optional.of(SECOND), boot("cpu/2.0.0.jar", FIRST));
    }

    @Test
    void takesWhatWasSwappedForChosenWhereNoListIs() throws IOException {
        journal.append("promote", CPU, OWN.toString(), "");
        journal.select(CPU, OWN);
        assertEquals(Optional.empty(), boot("cpu/2.0.0.jar", OWN));
    }

    @Test
    void staysWithoutAList() throws IOException {
        assertEquals(Optional.empty(), new ShippedPlugins(folder, journal).following(CPU, FIRST, ON_DISK));
    }

    @Test
    void passesOverWhatIsNotOnDiskOrNoVersion() throws IOException {
        boot("cpu/1.0.0.jar", FIRST);
        assertEquals(Optional.empty(), boot("cpu/3.0.0.jar", FIRST));
        assertEquals(Optional.empty(), boot("cpu/new.jar\nnonsense\nCPU CPU/1.jar", FIRST));
    }

    @Test
    void doesItAgainAfterACrash() throws IOException {
        boot("cpu/1.0.0.jar", FIRST);
        Files.writeString(folder.resolve("shipped.txt"), "cpu/2.0.0.jar\n");
        new ShippedPlugins(folder, journal).following(CPU, FIRST, ON_DISK);
        // the process ends before it has remembered: the next one does the same again
        assertEquals(Optional.of(SECOND), new ShippedPlugins(folder, journal).following(CPU, FIRST, ON_DISK));
    }

    /** Stands for a start of the server on a build. */
    private Optional<Version> boot(String list, Version selected) throws IOException {
        Files.writeString(folder.resolve("shipped.txt"), list + "\n");
        var shipped = new ShippedPlugins(folder, journal);
        var next = shipped.following(CPU, selected, ON_DISK);
        shipped.remember();
        return next;
    }
}
