package io.slipway.manager.session;

import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.scheduler.ScheduleExplainer;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;

/** A town of one agent that does what it is told, and no sooner than it is told. */
abstract class OneAgentTown {

    final Town.Directory directory = new Town.Directory();
    final Town.Clock clock = new Town.Clock();
    final OpenStores stores = OpenStores.inMemory("town" + System.nanoTime());
    final FlakyAgent agent;

    OneAgentTown(int cores) {
        var record = Town.agent("i-one", cores);
        Town.populate(stores, List.of(record));
        var chaos = new FlakyAgent.Chaos(new SplittableRandom(1), () -> {});
        chaos.isOn = false;
        agent = new FlakyAgent(record, chaos);
        directory.add(record, agent);
    }

    @AfterEach
    void end() {
        stores.close();
    }

    SteppedSessions sessions() {
        return sessions(SteppedSessions.SETTINGS);
    }

    SteppedSessions sessions(Settings settings) {
        return new SteppedSessions(stores, directory, clock, new SplittableRandom(1), "m", settings);
    }

    ScheduleExplainer explainer() {
        return new ScheduleExplainer(
                stores.sessions(), stores.scheduling(), directory, Town.config("explain"), Town.plugins());
    }

    /** Lets the sessions and the agent talk until neither has anything more to say. */
    void settle(SteppedSessions sessions) {
        for (int i = 0; i < 20; i++) {
            sessions.runAll();
            agent.step();
            agent.tell(sessions::apply);
        }
    }

    SessionRecord now(SessionId session) {
        return stores.sessions().find(session).orElseThrow();
    }
}
