package io.slipway.agent.node;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentEventSink;
import io.slipway.agent.spi.KernelDriver;
import io.slipway.plugin.api.PluginSet;
import io.slipway.runtime.spi.KernelRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the agent, wired; free of the framework. */
final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);
    private static final Duration ACCELERATOR_LIMIT = Duration.ofSeconds(5);
    /** How soon a plug-in that came is noticed; a look costs next to nothing. */
    private static final Duration PLUGIN_LOOK = Duration.ofMillis(250);

    private static final Duration RETRY_BEAT = Duration.ofMillis(500);
    /** Each waits for a commit of the manager's with its event; they are virtual threads. */
    private static final int OUTBOX_LANES = 64;

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slipway-agent-", 0).factory());
    /** For calls of managers: never interrupted, one may be writing to a database in this process. */
    private final ExecutorService tellers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slipway-agent-teller-", 0).factory());

    private final NodeSettings settings;
    private final NodeParts parts;
    private final KernelLoads loads;
    private final Heartbeat heartbeat;
    private final Recovery recovery;
    private final LeakReaper reaper;
    private final LocalAgent agent;
    private final PeriodicTask beat;
    // the thread of the inventory
    private Deadline nextInventory = Deadline.in(Duration.ZERO);

    Node(
            NodeSettings settings,
            PluginSet<KernelRuntime> runtimes,
            PluginSet<AcceleratorProvider> accelerators,
            KernelDriver driver,
            NodeFolders folders,
            boolean isRoot) {
        this.settings = settings;
        var table = new KernelTable(new DeviceLedger());
        var notes = new KernelNotes(folders.kernelNotes());
        this.parts = new NodeParts(
                table,
                new Runtimes(runtimes, settings.runtimeByRegistry()),
                new Accelerators(accelerators, new BoundedCalls(threads), ACCELERATOR_LIMIT),
                driver,
                new KernelHomes(folders.kernelHomes(), isRoot),
                notes,
                new EventOutbox(settings.agent(), table, notes, OUTBOX_LANES));
        var ender = new KernelEnder(parts);
        var watch = new ExitWatch(parts, ender, threads, settings.times().secondLook());
        var tasks = new TaskWatch(parts, ender, threads, InstantSource.system());
        var starter = new KernelStarter(settings, parts, watch, ender, tasks);
        this.loads = new KernelLoads(table, parts.runtimes(), System::nanoTime);
        this.heartbeat = new Heartbeat(
                settings,
                parts,
                new NodeLoad(Path.of("/proc"), Runtime.getRuntime().availableProcessors()),
                loads);
        this.recovery = new Recovery(
                parts, starter, ender, watch, tasks, threads, settings.times().secondLook());
        this.reaper = new LeakReaper(parts, recovery);
        this.agent = new LocalAgent(
                parts,
                heartbeat,
                recovery,
                starter,
                ender,
                threads,
                settings.times().settling());
        this.beat = new PeriodicTask("Heartbeat", settings.times().heartbeat(), this::beat);
    }

    Agent agent() {
        return agent;
    }

    /** Finds what is known without asking runtimes, and begins the rest in the background. */
    void start() throws IOException {
        recovery.loadNotes();
        parts.homes().clearStaging();
        parts.outbox().start(tellers);
        new PeriodicTask("Inventory", PLUGIN_LOOK, this::takeInventory).start(threads);
        new PeriodicTask("Recovery", PLUGIN_LOOK, this::recover).start(threads);
        new PeriodicTask("Leak reaper", settings.times().reaper(), this::reap).start(threads);
        new PeriodicTask("Measurement", settings.times().heartbeat(), this::measure).start(threads);
        beat.start(tellers);
    }

    private Duration measure() {
        loads.measure();
        return settings.times().heartbeat();
    }

    /** A manager that starts too is soon ready; it need not wait for a whole period. */
    private Duration beat() {
        var isTaken = heartbeat.beat() || parts.outbox().sink().isEmpty();
        return isTaken || settings.times().heartbeat().compareTo(RETRY_BEAT) < 0
                ? settings.times().heartbeat()
                : RETRY_BEAT;
    }

    private Duration recover() throws InterruptedException {
        recovery.recoverNewRuntimes();
        return PLUGIN_LOOK;
    }

    private Duration reap() {
        reaper.look();
        return settings.times().reaper();
    }

    private Duration takeInventory() {
        if (nextInventory.isOver() || heartbeat.isOutdated()) {
            nextInventory = Deadline.in(settings.times().inventory());
            if (heartbeat.refresh()) {
                beat.wake();
            }
        }
        return PLUGIN_LOOK;
    }

    void sink(AgentEventSink sink) {
        parts.outbox().sink(sink);
        beat.wake();
    }

    /** Forgets a sink unless another has taken its place. */
    void unsetSink(AgentEventSink gone) {
        if (parts.outbox().sink().filter(present -> present.equals(gone)).isPresent()) {
            parts.outbox().sink(null);
        }
    }

    /** Stops; kernels run on. */
    void stop() {
        var deadline = Deadline.in(STOP_PATIENCE);
        parts.table().close();
        beat.stop();
        parts.outbox().stop();
        tellers.shutdown();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)
                    || !tellers.awaitTermination(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Some calls are still running {} after the stop of the agent", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
