package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ConsoleRecord.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many kernels bring output and code that nobody takes, it takes a bounded part of the heap. */
@Timeout(60)
class BuffersTest {

    private static final int CHUNK = 64 << 10;
    private static final Limits LIMITS = new Limits(2, Duration.ofMillis(200), Duration.ofSeconds(30));

    private final Buffers buffers = new Buffers(4 << 20);

    @Test
    void leavesRoomForTheNextHoweverManyAreGreedy() throws Exception {
        var greedy = new ArrayList<RunTable>();
        for (var i = 0; i < 10; i++) {
            var runs = open();
            greedy.add(runs);
            runs.add("r", "");
            for (var sequence = 1; buffers.isRoom(2L * CHUNK * (sequence - 1), CHUNK) && sequence < 100; sequence++) {
                runs.awaitRoom(CHUNK);
                bring(runs, sequence, CHUNK);
            }
            assertTrue(buffers.used() <= 5 << 20, "used " + buffers.used());
        }
        assertThrows(BadFrameException.class, () -> greedy.getFirst().awaitRoom(4 << 20));
        var next = open();
        next.add("r", "1 + 1");
        next.awaitRoom(CHUNK);
        bring(next, 1, CHUNK);
        assertEquals(
                CHUNK,
                next.take("r", Duration.ZERO)
                        .reply()
                        .console()
                        .getFirst()
                        .text()
                        .length());
        next.close(true);
        greedy.forEach(runs -> runs.close(true));
        assertEquals(0, buffers.used());
    }

    @Test
    void refusesCodeThatThereIsNoRoomFor() throws Exception {
        var runs = open();
        var failure = assertThrows(AgentException.class, () -> runs.add("r", "x".repeat(2 << 20)));
        assertEquals(AgentException.Reason.NO_CAPACITY, failure.reason());
        assertTrue(runs.add("r", "x".repeat(1 << 19)));
        assertEquals(1 << 20, buffers.used());
    }

    @Test
    void forgetsCodeThatTheDriverHas() throws Exception {
        var runs = open();
        runs.add("r", "x".repeat(1 << 19));
        assertEquals(
                List.of("r"),
                runs.compare(Set.of(), false).stream().map(Submission::run).toList());
        bring(runs, 1, 1);
        assertTrue(buffers.used() < 1_000, "used " + buffers.used());
        assertEquals(List.of(), runs.compare(Set.of(), false), "a driver that denies what it told gets it again");
        assertFalse(runs.live().contains("r"));
    }

    @Test
    void readsOnWhenSomebodyTakes() throws Exception {
        var runs = open();
        runs.add("r", "");
        for (var sequence = 1; sequence <= 15; sequence++) {
            bring(runs, sequence, CHUNK);
        }
        var waiting = CompletableFuture.runAsync(() -> {
            try {
                runs.awaitRoom(1 << 20);
            } catch (BadFrameException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        runs.take("r", Duration.ZERO);
        waiting.get(20, TimeUnit.SECONDS);
        runs.read();
        runs.close(true);
        assertEquals(0, buffers.used());
    }

    private RunTable open() {
        return new RunTable(LIMITS, buffers);
    }

    private static void bring(RunTable runs, int sequence, int bytes) throws BadFrameException {
        runs.output("r", sequence, ConsoleRecord.text(Kind.STDOUT, "x".repeat(bytes)), bytes);
        runs.read();
    }
}
