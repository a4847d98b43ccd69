package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs in a kernel choose the names of what is to be in an archive. */
class HomeArchiveTest {

    private static final String NAME = "n".repeat(250);
    private static final int DEPTH = 20;

    @TempDir
    private Path home;

    private static HomeArchive plan(Path home, String path, ArchiveRoom room) throws IOException {
        HomeArchive.Opener opener = file -> {
            throw new AgentException(Reason.FAILED, "not asked for");
        };
        return HomeArchive.plan(new HomeFolder(home), HomePath.parse(path), opener, room);
    }

    /** Ten thousand names of sixteen thousand bytes each would be a third of a gigabyte. */
    @Test
    void refusesNamesThatWouldFillTheMemory() throws Exception {
        var room = new ArchiveRoom(64 << 20);
        var program = "cd \"$0\" && i=0 && while [ $i -lt " + DEPTH + " ]; do mkdir $1 && cd -P $1 && i=$((i+1)); done";
        run("/bin/sh", "-c", program, home.toString(), NAME);
        try {
            var refusal = assertThrows(RefusedPathException.class, () -> plan(home, ".", room));
            assertTrue(refusal.getMessage().contains("too long"), refusal.getMessage());
            assertEquals(0, room.used());
        } finally {
            run("rm", "-rf", home.resolve(NAME).toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void leavesRoomForOthersHoweverManyArchivesAreOpen() throws Exception {
        for (var i = 0; i < 50; i++) {
            Files.createFile(home.resolve(i + "x".repeat(200)));
        }
        var room = new ArchiveRoom(400_000);
        var open = new ArrayList<HomeArchive>();
        var refusal = assertThrows(RefusedPathException.class, () -> {
            for (var i = 0; i < 100; i++) {
                open.add(plan(home, ".", room));
            }
        });
        assertTrue(refusal.getMessage().contains("no room"), refusal.getMessage());
        assertTrue(room.used() < 400_000 && open.size() > 3, open.size() + " plans take " + room.used());
        plan(home, "0" + "x".repeat(200), room).close();
        open.forEach(HomeArchive::close);
        assertEquals(0, room.used());
    }
}
