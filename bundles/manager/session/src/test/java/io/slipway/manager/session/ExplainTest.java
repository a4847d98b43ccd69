package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.ExplainService;
import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.scheduler.ScheduleExplainer;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people are told of where a session stands, on the real store and the real scheduler. */
class ExplainTest {

    private final Town.Directory directory = new Town.Directory();
    private final Town.Clock clock = new Town.Clock();
    private OpenStores stores;
    private SteppedSessions sessions;
    private ExplainService explain;
    private FlakyAgent agent;

    @BeforeEach
    void begin() {
        stores = OpenStores.inMemory("explain" + System.nanoTime());
        var record = Town.agent("i-one", 2);
        Town.populate(stores, List.of(record));
        var chaos = new FlakyAgent.Chaos(new SplittableRandom(1), () -> {});
        chaos.isOn = false;
        agent = new FlakyAgent(record, chaos);
        directory.add(record, agent);
        sessions = new SteppedSessions(stores, directory, clock, new SplittableRandom(1), "m");
        explain = new ScheduleExplainer(
                stores.sessions(), stores.scheduling(), directory, Town.config("explain"), Town.plugins());
    }

    @AfterEach
    void end() {
        stores.close();
    }

    private SessionId create(String name, int cores) {
        clock.forward(Duration.ofMillis(5));
        return sessions.create(Town.wish(name, cores, 1, ClusterMode.SINGLE_NODE));
    }

    private void settle() {
        for (int i = 0; i < 20; i++) {
            sessions.runAll();
            agent.step();
            agent.tell(sessions::apply);
        }
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
        var stored = stores.sessions().find(second).orElseThrow();
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
        var shown = stores.sessions().find(runner).orElseThrow();
        assertEquals("agent-lost", shown.statusInfo());
        assertFalse(shown.status().isTerminal());
        lost.update(Map.of(agent.id(), true));
        assertEquals("", stores.sessions().find(runner).orElseThrow().statusInfo());
    }
}
