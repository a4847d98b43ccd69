package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.runtime.docker.DockerSettings.Bounds;
import io.slipway.runtime.docker.KernelUsers.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineAbsenceTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path folder;

    private Instant now = NOON;

    private EngineAbsence of(String host) {
        var settings = new DockerSettings(
                true,
                host,
                "",
                false,
                "owner",
                folder.resolve("used"),
                new KernelUsers.Same(new User(1_000, 1_000), false),
                new Bounds(64, 64, 64));
        return new EngineAbsence(settings, () -> now);
    }

    private static Instant at(int seconds) {
        return NOON.plusSeconds(seconds);
    }

    @Test
    void aLineThatBrokeExplainsWhatEndedAroundIt() {
        var absence = of("tcp://127.0.0.1:1");
        assertFalse(absence.explains(at(-100), at(-1)));
        absence.begins();
        assertTrue(absence.explains(at(-100), at(-5)));
        assertTrue(absence.explains(at(-100), at(5_000)));
        now = at(600);
        absence.isOver();
        now = at(9_000);
        absence.isOver();
        assertTrue(absence.explains(at(-100), at(605)));
        assertFalse(absence.explains(at(-100), at(-50)), "long before");
        assertFalse(absence.explains(at(-100), at(700)), "long after");
        assertFalse(absence.explains(at(1), at(2)), "started when the engine was away already");
    }

    @Test
    void aSocketThatIsNewExplainsWhatEndedAroundIt() throws IOException {
        var socket = Files.createFile(folder.resolve("docker.sock"));
        Files.setLastModifiedTime(socket, FileTime.from(NOON));
        var absence = of("unix://" + socket);
        assertTrue(absence.explains(at(-100), at(-5)));
        assertTrue(absence.explains(at(-100), at(5)));
        assertFalse(absence.explains(at(-100), at(-50)), "long before");
        assertFalse(absence.explains(at(1), at(5)), "started by the engine of now");
        Files.delete(socket);
        assertTrue(absence.explains(at(-100), at(-50)), "there is no engine");
    }
}
