package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.KernelReport;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kernels on agents that the table does not want there, on the real store: only those are removed. */
class StrayTest extends OneAgentTown {

    private final SteppedSessions sessions = sessions();

    StrayTest() {
        super(8);
    }

    private SessionRecord running() {
        var id = sessions.create(Town.wish("stray", 1, 1, ClusterMode.SINGLE_NODE));
        settle(sessions);
        assertEquals(SessionStatus.RUNNING, now(id).status());
        return now(id);
    }

    private static KernelId kernel(SessionRecord session) {
        return session.mainKernel().id();
    }

    @Test
    void anAnswerThatIsOlderThanTheEndMakesNoStray() throws AgentException {
        var session = running();
        clock.forward(Duration.ofSeconds(1));
        var askedAt = clock.instant();
        var answer = agent.kernels();
        assertEquals(1, answer.size());
        clock.forward(Duration.ofSeconds(1));
        sessions.destroy(session.id(), true);
        settle(sessions);
        assertEquals(SessionStatus.TERMINATED, now(session.id()).status());
        assertEquals(List.of(), sessions.reconcile(agent.id(), answer, askedAt));
        clock.forward(Duration.ofSeconds(1));
        assertEquals(
                List.of(kernel(session)),
                sessions.reconcile(agent.id(), answer, clock.instant()).stream()
                        .map(KernelReport::kernel)
                        .toList(),
                "an answer that is newer than the end");
    }

    @Test
    void whatIsRightfulWhenItsTurnComesIsNotRemoved() {
        var session = running();
        sessions.removeStray(agent.id(), kernel(session));
        settle(sessions);
        assertTrue(agent.isRunning(kernel(session)));
        assertEquals(SessionStatus.RUNNING, now(session.id()).status());
    }

    /** An agent tells of ends for long; each would cost a look at the table, at every comparison. */
    @Test
    void endsThatTheTableKnowsAreNotLookedUpAgain() throws AgentException {
        var session = running();
        var report = agent.kernels().getFirst();
        sessions.destroy(session.id(), true);
        settle(sessions);
        clock.forward(Duration.ofSeconds(1));
        var told = new ArrayList<AgentEvent>();
        var reconciliation = new Reconciliation(stores.sessions(), told::add, new WorkQueue(), clock);
        var ended = new KernelReport(
                report.kernel(), report.session(), KernelReport.Phase.ENDED, "", List.of(), List.of(), null);
        assertEquals(List.of(), reconciliation.reconcile(agent.id(), List.of(ended), clock.instant()));
        assertEquals(List.of(), told);
    }
}
