package io.slipway.manager.session;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.KernelReport;
import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.Outbox;
import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.scheduler.SteppedScheduler;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A whole manager without threads: everything that it would do on one waits in a list until a test runs it. A restart is a new
 * one over the same store.
 */
final class SteppedSessions {

    static final Settings SETTINGS = settings(Duration.ZERO);

    private final OpenStores stores;
    private final Town.Clock clock;
    private final WorkQueue queue = new WorkQueue();
    private final List<Runnable> tasks = new ArrayList<>();
    private final KernelEventApplier events;
    private final Dispatcher dispatcher;
    private final Sweep sweep;
    private final ReconcileRounds rounds;
    private final StoredSessionService service;
    private final SteppedScheduler scheduler;

    SteppedSessions(
            OpenStores stores, Town.Directory directory, Town.Clock clock, RandomGenerator random, String name) {
        this(stores, directory, clock, random, name, SETTINGS);
    }

    SteppedSessions(
            OpenStores stores,
            Town.Directory directory,
            Town.Clock clock,
            RandomGenerator random,
            String name,
            Settings settings) {
        this.stores = stores;
        this.clock = clock;
        Outbox outbox = () -> {};
        var sessions = stores.sessions();
        var watch = new SessionWatch(sessions);
        var transitions = new StoredTransitions(sessions, outbox, watch);
        var calls = new AgentCalls(directory, 64);
        var launches = new Launches();
        var setbacks = new Setbacks(sessions, transitions, queue, settings, clock);
        var creation = new KernelCreation(calls, Town.images(), settings, random, Duration.ZERO);
        var launcher = new Launcher(transitions, calls, creation, setbacks, settings, clock, Runnable::run);
        var ender = new Ender(calls, launches, settings);
        var requests = new SessionRequests(
                Town.identities(), stores.identities(), Town.images(), directory, sessions, clock, random);
        var destruction = new Destruction(sessions, transitions, queue, clock);
        events = new KernelEventApplier(sessions, transitions, queue, clock);
        dispatcher = new Dispatcher(
                sessions,
                queue,
                launches,
                launcher,
                ender,
                new Restarter(sessions, calls, creation, setbacks, settings),
                tasks::add);
        sweep = new Sweep(sessions, transitions, queue, setbacks, agent -> isThere(directory, agent), settings, clock);
        rounds = new ReconcileRounds(directory, calls, events, queue, Duration.ofSeconds(30), clock, Runnable::run);
        service = new StoredSessionService(sessions, requests, watch, outbox, directory, destruction, clock);
        scheduler = new SteppedScheduler(
                Town.GROUP,
                new SteppedScheduler.Surroundings(
                        sessions, stores.scheduling(), outbox, directory, Town.config(name), Town.plugins()),
                name,
                clock,
                () -> clock.instant().toEpochMilli() * 1_000_000);
    }

    static Settings settings(Duration noteAfter) {
        return new Settings(
                Duration.ofMinutes(20),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(8),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5),
                5,
                Duration.ofSeconds(10),
                noteAfter);
    }

    private static boolean isThere(Town.Directory directory, AgentId agent) {
        return directory
                .find(agent)
                .filter(view -> view.record().status() == AgentStatus.ALIVE)
                .isPresent();
    }

    SessionId create(CreateSession wish) {
        return service.create(Town.USER, Town.USER.accessKey(), wish).session().id();
    }

    /** Returns whether it was allowed. */
    boolean destroy(SessionId session, boolean forced) {
        try {
            service.destroy(Town.USER, Town.USER.accessKey(), session.toString(), forced);
            return true;
        } catch (SlipwayException e) {
            return false; // its state forbids it, which is right
        }
    }

    /** Returns whether it was allowed. */
    boolean restart(SessionId session) {
        try {
            service.restart(Town.USER, Town.USER.accessKey(), session.toString());
            return true;
        } catch (SlipwayException e) {
            return false; // its state forbids it, which is right
        }
    }

    void apply(AgentEvent event) {
        events.apply(event);
    }

    void hear(SessionEvent event) {
        queue.happened(event);
        scheduler.hear(event);
    }

    void schedule() {
        try {
            scheduler.agentsChanged();
            scheduler.pass();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes what is signalled; the work itself waits. */
    void dispatch(int limit) {
        try {
            dispatcher.dispatch(queue.take(limit, Duration.ZERO));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    void runTask(int which) {
        tasks.remove(which % tasks.size()).run();
    }

    void sweep() {
        sweep.sweep();
    }

    void reconcile() {
        rounds.round();
    }

    /** Takes an answer of an agent that is maybe an old one; returns what it should remove. */
    List<KernelReport> reconcile(AgentId agent, List<KernelReport> answer, Instant askedAt) {
        return events.reconcile(agent, answer, askedAt);
    }

    void removeStray(AgentId agent, KernelId kernel) {
        queue.removeStray(agent, kernel);
    }

    StoredSessionService service() {
        return service;
    }

    /** Publishes what is stored, places what fits and does what is to be done, until nothing is left to do at once. */
    void runAll() {
        for (int i = 0; i < 5; i++) {
            var now = clock.instant();
            var news = stores.outbox().claim("all", now, now.plusSeconds(1), 1_000);
            news.forEach(this::hear);
            stores.outbox().published(news.stream().map(SessionEvent::id).toList(), now);
            schedule();
            dispatch(100);
            while (hasTasks()) {
                runTask(0);
            }
        }
    }
}
