package io.slipway.manager.agents;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentReport;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.AgentStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps agents in memory. Stores one when what it says has changed, else once a minute; an agent that is silent for too
 * long, by the monotonic clock, is marked as lost, which ends nothing. Thread-safe.
 */
@Component(
        configurationPid = "io.slipway.manager.agents",
        immediate = true,
        service = {AgentDirectory.class, AgentSigns.class})
@Designate(ocd = LiveAgentDirectory.Config.class)
public final class LiveAgentDirectory implements AgentDirectory, AgentSigns {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway agent directory")
    public @interface Config {
        @AttributeDefinition(description = "Silence after which an agent is lost, in milliseconds", min = "1000")
        long lostAfterMillis() default 30_000;

        @AttributeDefinition(description = "Pause between two looks for silent agents, in milliseconds", min = "100")
        long sweepEveryMillis() default 2_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LiveAgentDirectory.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);
    private static final long SAVE_EVERY = Duration.ofMinutes(1).toNanos();
    /** A pause of the whole process that is longer than so many sweeps is no silence of agents. */
    private static final int LATE_SWEEPS = 3;

    private final AgentStore store;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Duration lostAfter;
    private final Duration sweepEvery;
    private final ConcurrentMap<AgentId, KnownAgent> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<AgentId, Agent> connections = new ConcurrentHashMap<>();
    /** Heartbeats are stored one after the other, so that an old one does not replace a new one. */
    private final ReentrantLock saving = new ReentrantLock();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-agent-directory").factory());
    private final Listeners listeners = new Listeners(thread);
    // the thread of the directory
    private long lastSweep;

    /** Used by the component runtime. */
    @Activate
    public LiveAgentDirectory(@Reference AgentStore store, Config config) {
        this(
                store,
                InstantSource.system(),
                System::nanoTime,
                Duration.ofMillis(config.lostAfterMillis()),
                Duration.ofMillis(config.sweepEveryMillis()));
    }

    LiveAgentDirectory(
            AgentStore store, InstantSource clock, LongSupplier ticker, Duration lostAfter, Duration sweepEvery) {
        if (lostAfter.compareTo(sweepEvery) <= 0) {
            throw new IllegalArgumentException("lostAfterMillis " + lostAfter.toMillis()
                    + " must exceed sweepEveryMillis " + sweepEvery.toMillis());
        }
        this.store = store;
        this.clock = clock;
        this.ticker = ticker;
        this.lostAfter = lostAfter;
        this.sweepEvery = sweepEvery;
        this.lastSweep = ticker.getAsLong();
    }

    @Activate
    void start() {
        seed();
        var pause = sweepEvery.toMillis();
        var sweeps = thread.scheduleWithFixedDelay(this::sweepAndSurvive, pause, pause, TimeUnit.MILLISECONDS);
        LOG.debug("Directory of agents started with {} agents, sweeping: {}", known.size(), !sweeps.isDone());
    }

    void seed() {
        var now = ticker.getAsLong();
        store.all().forEach(record -> known.putIfAbsent(record.id(), KnownAgent.stored(record, now)));
    }

    /** Interrupts nobody: whoever writes to an embedded database must not be interrupted. */
    @Deactivate
    void stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("A look for silent agents is still under way {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An agent in this process. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAgent(Agent agent, Map<String, Object> properties) {
        idOf(properties).ifPresent(id -> {
            connections.put(id, agent);
            listeners.changed();
        });
    }

    void unbindAgent(Agent agent, Map<String, Object> properties) {
        idOf(properties).ifPresent(id -> {
            if (connections.remove(id, agent)) {
                listeners.changed();
            }
        });
    }

    private static Optional<AgentId> idOf(Map<String, Object> properties) {
        if (properties.get(Agent.ID_PROPERTY) instanceof String id && !id.isBlank()) {
            return Optional.of(new AgentId(id));
        }
        LOG.error("An agent without property {} cannot be called", Agent.ID_PROPERTY);
        return Optional.empty();
    }

    @Override
    public void heard(AgentId agent) {
        var now = ticker.getAsLong();
        known.computeIfPresent(agent, (id, before) -> before.heard(now));
    }

    @Override
    public void heard(AgentReport report) {
        var now = ticker.getAsLong();
        heard(report.agent());
        saving.lock();
        try {
            var before = known.get(report.agent());
            if (before != null && before.isSaidAgain(report) && now - before.savedAt() < SAVE_EVERY) {
                keepUnsaved(report, before, now);
                return;
            }
            var stored = store.save(recordOf(report, before));
            var after = KnownAgent.stored(stored, now).heard(report, now);
            known.put(report.agent(), after);
            if (before == null
                    || !before.isSaidAgain(report)
                    || !before.record().equals(stored)
                    || !before.installedImages().equals(report.installedImages())) {
                listeners.changed();
            }
            if (before == null || before.record().status() != AgentStatus.ALIVE) {
                LOG.info("agent={} is alive, group={}", stored.id(), stored.resourceGroup());
            }
        } finally {
            saving.unlock();
        }
    }

    private void keepUnsaved(AgentReport report, KnownAgent before, long now) {
        known.computeIfPresent(report.agent(), (id, present) -> present.heard(report, now));
        if (!before.installedImages().equals(report.installedImages())) {
            listeners.changed();
        }
    }

    private AgentRecord recordOf(AgentReport report, @Nullable KnownAgent before) {
        return new AgentRecord(
                report.agent(),
                AgentStatus.ALIVE,
                before == null ? report.resourceGroup() : before.record().resourceGroup(),
                before == null || before.record().isSchedulable(),
                report.address(),
                report.version(),
                report.architecture(),
                report.slotTypes(),
                report.devices(),
                report.computePlugins(),
                report.runtimes(),
                before == null ? clock.instant() : before.record().firstContact(),
                null);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later sweeps
    private void sweepAndSurvive() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.error("Look for silent agents failed, next one in {}", sweepEvery, e);
        }
    }

    void sweep() {
        var now = ticker.getAsLong();
        var passed = now - lastSweep;
        lastSweep = now;
        if (passed > sweepEvery.toNanos() * LATE_SWEEPS) {
            LOG.warn("This process paused for {} ms; agents get time to be heard again", passed / 1_000_000);
            known.replaceAll((id, agent) -> agent.heard(now));
            return;
        }
        var silent = known.values().stream()
                .filter(agent -> agent.record().status() == AgentStatus.ALIVE)
                .filter(agent -> now - agent.heardAt() > lostAfter.toNanos())
                .map(agent -> agent.record().id())
                .toList();
        if (!silent.isEmpty()) {
            markLost(silent, now);
        }
    }

    private void markLost(List<AgentId> silent, long now) {
        var at = clock.instant();
        saving.lock();
        try {
            var statuses = new HashMap<AgentId, AgentStatus>();
            for (var id : silent) {
                known.computeIfPresent(id, (key, agent) -> {
                    if (now - agent.heardAt() <= lostAfter.toNanos()) {
                        return agent; // heard of meanwhile
                    }
                    statuses.put(key, AgentStatus.LOST);
                    return agent.lost(at);
                });
            }
            if (!statuses.isEmpty()) {
                LOG.warn(
                        "agents={} silent for more than {}; their kernels are believed to run on",
                        statuses.keySet(),
                        lostAfter);
                listeners.changed();
                store.setStatus(statuses, at);
            }
        } catch (SlipwayException e) {
            LOG.warn("Lost agents could not be stored; memory knows: {}", e.getMessage());
        } finally {
            saving.unlock();
        }
    }

    @Override
    public List<AgentView> agents() {
        return known.values().stream()
                .sorted(Comparator.comparing(agent -> agent.record().id().value()))
                .map(KnownAgent::view)
                .toList();
    }

    @Override
    public Optional<AgentView> find(AgentId agent) {
        return Optional.ofNullable(known.get(agent)).map(KnownAgent::view);
    }

    @Override
    public Optional<Agent> connect(AgentId agent) {
        return Optional.ofNullable(connections.get(agent));
    }

    @Override
    public Map<SlotName, SlotType> slotTypes() {
        var types = new HashMap<SlotName, SlotType>();
        types.put(SlotName.CPU, SlotType.COUNT);
        types.put(SlotName.MEM, SlotType.BYTES);
        known.values().forEach(agent -> types.putAll(agent.record().slotTypes()));
        return Map.copyOf(types);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return listeners.add(listener);
    }
}
