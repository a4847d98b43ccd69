package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.ExplainService;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What people are told of where a session stands, on the real store and the real scheduler. */
class ExplainTest extends OneAgentTown {

    private final SteppedSessions sessions = sessions();
    private final ExplainService explain = explainer();

    ExplainTest() {
        super(2);
    }

    private SessionId create(String name, int cores) {
        clock.forward(Duration.ofMillis(5));
        return sessions.create(Town.wish(name, cores, 1, ClusterMode.SINGLE_NODE));
    }

    private void settle() {
        settle(sessions);
        clock.forward(Duration.ofSeconds(2));
        sessions.schedule();
    }

    @Test
    void saysWhatASessionWaitsForAndItsPlace() {
        create("holder", 1);
        var first = create("first-waiter", 2);
        var second = create("second-waiter", 2);
        settle();
        var told = explain.explain(second);
        assertEquals("Waits: needs 2 cpu; the freest of 1 agent in group default has 1", told.summary());
        assertEquals(2, told.queuePosition());
        assertEquals(List.of("i-one: needs 2 cpu, has 1 free of 2"), told.agents());
        assertEquals(1, explain.explain(first).queuePosition());
        var stored = now(second);
        assertEquals("needs 2 cpu; the freest of 1 agent in group default has 1", stored.statusInfo());
    }

    @Test
    void answersAlsoBeforeTheFirstDecision() {
        var waiter = create("just-now", 64);
        assertTrue(explain.explain(waiter).summary().contains("more than any of 1 agent"));
    }

    @Test
    void saysWhichAgentsAreOutOfPlay() {
        directory.away(agent.id(), true);
        var waiter = create("nowhere", 1);
        settle();
        var told = explain.explain(waiter);
        assertEquals("Waits: no agent of group default can take it now", told.summary());
        assertEquals(List.of("i-one: is LOST"), told.agents());
    }

    @Test
    void saysWhereItRunsAndHowItCameThere() {
        var runner = create("runner", 1);
        settle();
        var told = explain.explain(runner);
        assertEquals("Runs", told.summary());
        assertEquals(0, told.queuePosition());
        assertEquals(List.of("i-one: has kernel main1, RUNNING"), told.agents());
        assertTrue(
                told.history().getFirst().endsWith("session PENDING: accepted"),
                told.history().toString());
        sessions.destroy(runner, false);
        settle();
        assertEquals(
                "Has ended (TERMINATED): user-requested",
                explain.explain(runner).summary());
    }

    @Test
    void unknownSessionsAreNotExplained() {
        assertThrows(SlipwayException.class, () -> explain.explain(new SessionId(new UUID(0, 0))));
    }

    @Test
    void showsThatAnAgentIsSilentAndTakesItBack() {
        var runner = create("runner", 1);
        settle();
        var lost = new LostAgents(stores.sessions());
        lost.update(Map.of(agent.id(), false));
        var shown = now(runner);
        assertEquals("agent-lost", shown.statusInfo());
        assertFalse(shown.status().isTerminal());
        lost.update(Map.of(agent.id(), true));
        assertEquals("", now(runner).statusInfo());
    }
}
