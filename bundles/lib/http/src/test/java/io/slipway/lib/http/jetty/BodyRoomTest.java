package io.slipway.lib.http.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.lib.http.ServerBusyException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BodyRoomTest {

    @Test
    void refusesWhatIsTakenAndGivesWhatIsGivenBack() throws Exception {
        var room = new BodyRoom(BodyRoom.FREE, Duration.ofMillis(1));
        for (var i = 0; i < 8; i++) {
            room.take(BodyRoom.FREE);
        }
        assertThrows(ServerBusyException.class, () -> room.take(1));
        room.give(BodyRoom.FREE);
        room.take(BodyRoom.FREE);
        assertThrows(ServerBusyException.class, () -> room.take(1));
    }

    @Test
    void waitsForRoomOfAnother() throws Exception {
        var room = new BodyRoom(1, Duration.ofSeconds(20));
        room.take(8);
        var other = Thread.ofVirtual().start(() -> room.give(8));
        room.take(8);
        other.join();
        var interrupted = new BodyRoom(1, Duration.ofSeconds(20));
        interrupted.take(8);
        Thread.currentThread().interrupt();
        assertEquals(
                "interrupted",
                assertThrows(java.io.InterruptedIOException.class, () -> interrupted.take(8))
                        .getMessage());
        assertEquals(true, Thread.interrupted());
    }
}
