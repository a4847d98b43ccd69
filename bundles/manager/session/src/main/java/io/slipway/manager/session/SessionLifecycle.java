package io.slipway.manager.session;

import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.api.KernelEvents;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.SlipwayException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what moves sessions on: the dispatcher of signals, the sweep for deadlines and the comparison with agents. Nothing
 * is kept here that the table does not have; a new start goes on where the old one stopped.
 */
@Component(service = SessionLifecycle.class, immediate = true, configurationPid = SessionLifecycle.PID)
@Designate(ocd = SessionLifecycle.Config.class)
public final class SessionLifecycle {

    static final String PID = "io.slipway.manager.session";

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway sessions")
    public @interface Config {
        @AttributeDefinition(
                description = "How long a session may wait for an agent before it is cancelled, in minutes",
                min = "1")
        long pendingMinutes() default 1_440;

        @AttributeDefinition(description = "How long a placed session may wait for its launch, in seconds", min = "5")
        long scheduledSeconds() default 60;

        @AttributeDefinition(description = "How long making an image ready may take, in minutes", min = "1")
        long preparingMinutes() default 30;

        @AttributeDefinition(description = "How long pulling an image may take, in minutes", min = "1")
        long pullingMinutes() default 60;

        @AttributeDefinition(description = "How long creating and starting a kernel may take, in seconds", min = "5")
        long creatingSeconds() default 180;

        @AttributeDefinition(
                description = "How long an agent that is gone is waited for to confirm an end, in minutes",
                min = "1")
        long terminatingMinutes() default 10;

        @AttributeDefinition(
                description = "How long programs get to end by themselves when a session ends, in seconds",
                min = "0")
        long graceSeconds() default 5;

        @AttributeDefinition(description = "How often a session is placed before it fails", min = "1")
        int maxPlacements() default 5;

        @AttributeDefinition(description = "Pause between two equal calls of an agent, in seconds", min = "1")
        long retryEverySeconds() default 10;

        @AttributeDefinition(description = "Pause between two looks for deadlines, in milliseconds", min = "100")
        long sweepEveryMillis() default 2_000;

        @AttributeDefinition(
                description = "Pause between two comparisons of an agent's kernels with the table, in seconds",
                min = "11")
        long reconcileEverySeconds() default 30;

        @AttributeDefinition(description = "Calls of one kind that may be out to one agent at once", min = "1")
        int callsPerAgent() default 64;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SessionLifecycle.class);
    private static final int BATCH = 200;
    private static final Duration CREATE_PAUSE = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final WorkQueue queue;
    private final Duration sweepEvery;
    private final Dispatcher dispatcher;
    private final Sweep sweep;
    private final ReconcileRounds rounds;
    private final AgentDirectory directory;
    private final LostAgents lostAgents;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slipway-session-", 0).factory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-session-sweep").factory());
    private final Thread dispatching =
            Thread.ofPlatform().daemon().name("slipway-session-dispatch").unstarted(this::run);
    private volatile boolean isStopped;

    /** Used by the component runtime. */
    @Activate
    public SessionLifecycle(
            @Reference SessionStore store,
            @Reference Transitions transitions,
            @Reference WorkQueue queue,
            @Reference KernelEvents events,
            @Reference AgentDirectory directory,
            @Reference ImageCatalog images,
            Config config) {
        var settings = Settings.of(config);
        var clock = InstantSource.system();
        var calls = new AgentCalls(
                directory, Math.toIntExact(Settings.atLeast(1, "callsPerAgent", config.callsPerAgent())));
        var launches = new Launches();
        var setbacks = new Setbacks(store, transitions, queue, settings, clock);
        var creation = new KernelCreation(calls, images, settings, new SecureRandom(), CREATE_PAUSE);
        var launcher = new Launcher(transitions, calls, creation, setbacks, settings, clock, executor);
        var ender = new Ender(calls, launches, settings);
        this.queue = queue;
        this.directory = directory;
        this.lostAgents = new LostAgents(store);
        this.sweepEvery = Duration.ofMillis(Settings.atLeast(100, "sweepEveryMillis", config.sweepEveryMillis()));
        this.dispatcher = new Dispatcher(
                store,
                queue,
                launches,
                launcher,
                ender,
                new Restarter(store, calls, creation, setbacks, settings),
                executor);
        this.sweep =
                new Sweep(store, transitions, queue, setbacks, agent -> isThere(directory, agent), settings, clock);
        this.rounds = new ReconcileRounds(
                directory,
                calls,
                events,
                queue,
                Duration.ofSeconds(Settings.atLeast(11, "reconcileEverySeconds", config.reconcileEverySeconds())),
                clock,
                executor);
    }

    @Activate
    void start() {
        dispatching.start();
        every(Duration.ZERO, sweepEvery, "Sweep of sessions", sweep::sweep);
        every(IDLE, IDLE, "Comparison with agents", rounds::round);
        every(IDLE, IDLE, "Look for silent agents", () -> lostAgents.update(heard()));
    }

    private void every(Duration delay, Duration pause, String what, Runnable action) {
        var ticks = timer.scheduleWithFixedDelay(
                () -> surviving(what, action), delay.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("{} every {}: {}", what, pause, !ticks.isDone());
    }

    /** Ends within its patience and interrupts nobody: who writes to an embedded database must not be interrupted. */
    @Deactivate
    void stop() {
        isStopped = true;
        queue.wake();
        timer.shutdown();
        executor.shutdown();
        try {
            var isOver = dispatching.join(STOP_PATIENCE)
                    && timer.awaitTermination(1, TimeUnit.MILLISECONDS)
                    && executor.awaitTermination(1, TimeUnit.MILLISECONDS);
            LOG.debug("Everything ended at once: {}", isOver); // calls that are out end by their own limits
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isThere(AgentDirectory directory, AgentId agent) {
        return directory.connect(agent).isPresent()
                && directory
                        .find(agent)
                        .filter(view -> view.record().status() == AgentStatus.ALIVE)
                        .isPresent();
    }

    private Map<AgentId, Boolean> heard() {
        return directory.agents().stream()
                .map(AgentDirectory.AgentView::record)
                .collect(Collectors.toMap(AgentRecord::id, agent -> agent.status() == AgentStatus.ALIVE));
    }

    private void run() {
        while (!isStopped) {
            try {
                var works = queue.take(BATCH, IDLE);
                surviving("Dispatch", () -> dispatcher.dispatch(works));
            } catch (InterruptedException e) {
                LOG.error("Dispatcher of sessions was interrupted; sessions do not move any more", e);
                return;
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would end all later runs
    private static void surviving(String what, Runnable action) {
        try {
            action.run();
        } catch (SlipwayException e) {
            LOG.warn("{} put off: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} failed; next one soon", what, e);
        }
    }
}
