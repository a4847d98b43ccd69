package io.slipway.manager.scheduler;

import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.Outbox;
import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionStatus;
import io.slipway.plugin.api.Plugins;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one scheduler per resource group and brings it what happened. */
@Component(service = SessionEventListener.class, immediate = true, configurationPid = SchedulerGroups.PID)
@Designate(ocd = SchedulerGroups.Config.class)
public final class SchedulerGroups implements SessionEventListener {

    static final String PID = "io.slipway.manager.scheduler";

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway scheduler")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Policy that orders waiting sessions, unless config/scheduling/GROUP/sequencing says else")
        String sequencing() default "fifo";

        @AttributeDefinition(
                description = "Policy that chooses agents, unless config/scheduling/GROUP/selector says else")
        String selector() default "concentrated";

        @AttributeDefinition(
                description =
                        "Time after which a session that smaller ones overtook gets agents kept for it, in seconds",
                min = "1")
        long patienceSeconds() default 300;

        @AttributeDefinition(description = "How long the view in memory is trusted, in seconds", min = "1")
        long rebuildEverySeconds() default 30;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerGroups.class);
    private static final Duration GROUPS_EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final GroupScheduler.Stores stores;
    private final AgentDirectory directory;
    private final SharedConfig sharedConfig;
    private final GroupPolicies policies;
    private final GroupScheduler.Times times;
    private final String owner;
    private final ConcurrentMap<String, GroupThread> groups = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-scheduler-groups").factory());
    private volatile AutoCloseable watch = () -> {};
    private volatile boolean isStopped;

    /** Used by the component runtime. */
    @Activate
    public SchedulerGroups(
            @Reference SessionStore sessions,
            @Reference SchedulingStore scheduling,
            @Reference Outbox outbox,
            @Reference AgentDirectory directory,
            @Reference SharedConfig sharedConfig,
            @Reference Plugins plugins,
            Config config) {
        this.stores = new GroupScheduler.Stores(sessions, scheduling, outbox);
        this.directory = directory;
        this.sharedConfig = sharedConfig;
        this.policies = new GroupPolicies(plugins, sharedConfig, config.sequencing(), config.selector());
        this.times = new GroupScheduler.Times(
                seconds("patienceSeconds", config.patienceSeconds()),
                seconds("rebuildEverySeconds", config.rebuildEverySeconds()));
        this.owner = "manager-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    }

    private static Duration seconds(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(PID + ": " + key + " = " + value + " must be at least 1");
        }
        return Duration.ofSeconds(value);
    }

    @Activate
    void start() {
        watch = directory.onChange(
                () -> groups.values().forEach(group -> group.mailbox().agentsChanged()));
        var ticks = timer.scheduleWithFixedDelay(
                this::refreshAndSurvive, 0, GROUPS_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("Groups are read every {}: {}", GROUPS_EVERY, !ticks.isDone());
    }

    @Deactivate
    void stop() {
        isStopped = true;
        timer.shutdown();
        close(watch);
        var running = new HashMap<>(groups);
        running.values().forEach(GroupThread::end);
        running.forEach((name, group) -> {
            if (!group.join(STOP_PATIENCE)) {
                LOG.warn("group={} still deciding {} after stop", name, STOP_PATIENCE);
            }
        });
    }

    @Override
    public void happened(SessionEvent event) {
        var group = groups.get(event.resourceGroup());
        if (group == null) {
            if (!isStopped) {
                timer.execute(this::refreshAndSurvive);
            }
            return; // a new scheduler reads everything from the table
        }
        var status = SessionStatus.valueOf(event.status());
        var kernel = event.kernel();
        if (status.isTerminal()) {
            group.mailbox().ended(event.session(), kernel == null ? null : KernelId.parse(kernel));
        } else if (kernel == null && status == SessionStatus.PENDING) {
            group.mailbox().mayWait(event.session());
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would end all later looks
    private void refreshAndSurvive() {
        try {
            var names = stores.scheduling().resourceGroups();
            names.forEach(name -> groups.computeIfAbsent(name, this::begin));
            Map.copyOf(groups).forEach((name, group) -> {
                if (!names.contains(name) && groups.remove(name, group)) {
                    group.end();
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("Resource groups cannot be read now, next try in {}: {}", GROUPS_EVERY, e.getMessage());
        }
    }

    private GroupThread begin(String name) {
        var scheduler = new GroupScheduler(
                name,
                stores,
                policies,
                new Leadership(sharedConfig, name, owner, System::nanoTime),
                times,
                InstantSource.system(),
                new GroupView(name, directory));
        return new GroupThread(name, scheduler);
    }

    @SuppressWarnings("IllegalCatch") // the watch may end as it likes, the stop goes on
    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.debug("Watch of agents did not end well", e);
        }
    }
}
