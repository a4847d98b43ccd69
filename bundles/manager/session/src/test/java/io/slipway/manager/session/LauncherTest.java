package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.HistoryEntry;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When it is stored that an agent accepted a kernel, on the real store. */
class LauncherTest extends OneAgentTown {

    LauncherTest() {
        super(8);
    }

    private List<String> statuses(SessionId session, String subject) {
        return stores.sessions().history(session).stream()
                .filter(entry -> entry.subject().startsWith(subject))
                .map(HistoryEntry::to)
                .toList();
    }

    @Test
    void waitsNoLongerThanUntilItRuns() {
        var sessions = sessions(SteppedSessions.settings(Duration.ofMinutes(5)));
        agent.afterCreation(() -> {
            agent.step();
            agent.tell(sessions::apply);
        });
        var begin = System.nanoTime();
        var session = sessions.create(Town.wish("quick", 1, 1, ClusterMode.SINGLE_NODE));
        sessions.runAll();
        assertTrue(System.nanoTime() - begin < Duration.ofMinutes(1).toNanos());
        assertEquals(List.of("PENDING", "SCHEDULED", "PREPARING", "CREATING", "RUNNING"), statuses(session, "kernel:"));
        assertEquals("RUNNING", statuses(session, "session").getLast());
    }

    @Test
    void storesThatAKernelWasAcceptedIfItDoesNotRunSoon() {
        var sessions = sessions(SteppedSessions.settings(Duration.ofMillis(20)));
        var session = sessions.create(Town.wish("slow", 1, 1, ClusterMode.SINGLE_NODE));
        sessions.runAll();
        assertEquals(SessionStatus.CREATING, now(session).status());
    }
}
