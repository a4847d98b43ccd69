package io.slipway.manager.tasks;

import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.api.TaskRunner;
import io.slipway.manager.store.TaskRecord;
import io.slipway.manager.store.TaskStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
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

/** Stores tasks, and lets those run that are stored. */
@Component(configurationPid = "io.slipway.manager.tasks", immediate = true, service = BackgroundTasks.class)
@Designate(ocd = StoredTasks.Config.class)
public final class StoredTasks implements BackgroundTasks {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway background tasks")
    public @interface Config {
        @AttributeDefinition(description = "Tasks that run at once on this manager", min = "1", max = "100")
        int atOnce() default 4;

        @AttributeDefinition(
                description = "Time after which another manager goes on with the tasks of a dead one, in milliseconds",
                min = "1000")
        long claimMillis() default 15_000;

        @AttributeDefinition(description = "How long ended tasks are kept, in hours", min = "1")
        long retentionHours() default 168;
    }

    /** A change that is not signalled, such as one on another manager, is seen after this. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final int LONGEST_KIND = 64;
    private static final int LONGEST_ARGUMENTS = 60_000;

    private final TaskStore store;
    private final RegisteredRunners registered;
    private final InstantSource clock;
    private final TaskEngine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock: how often something changed here
    private long version;

    /** Used by the component runtime. */
    @Activate
    public StoredTasks(@Reference TaskStore store, BundleContext context, Config config) {
        this(store, context, InstantSource.system(), settings(config));
    }

    StoredTasks(TaskStore store, BundleContext context, InstantSource clock, TaskEngine.Settings settings) {
        this.store = store;
        this.registered = new RegisteredRunners(context);
        this.clock = clock;
        this.engine = new TaskEngine(store, registered, clock, settings, this::signal);
    }

    private static TaskEngine.Settings settings(Config config) {
        var name = new byte[8];
        RandomGenerator.getDefault().nextBytes(name);
        return new TaskEngine.Settings(
                HexFormat.of().formatHex(name),
                config.atOnce(),
                Duration.ofMillis(config.claimMillis()),
                Duration.ofHours(config.retentionHours()));
    }

    /** A kind of task that can be done from now on. */
    @Reference(
            service = TaskRunner.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRunner(ServiceReference<TaskRunner> runner) {
        registered.add(runner);
        engine.wake();
    }

    void removeRunner(ServiceReference<TaskRunner> runner) {
        registered.remove(runner);
    }

    @Activate
    void start() {
        engine.start();
    }

    @Deactivate
    void stop() {
        engine.stop();
    }

    @Override
    public TaskRecord start(Principal caller, String kind, Map<String, String> arguments) {
        if (kind.isEmpty() || kind.length() > LONGEST_KIND) {
            throw SlipwayException.invalid("kind", "must have 1 to " + LONGEST_KIND + " characters");
        }
        if (arguments.toString().length() > LONGEST_ARGUMENTS) {
            throw SlipwayException.invalid("arguments", "are longer than " + LONGEST_ARGUMENTS + " characters");
        }
        var task = new TaskRecord(
                UUID.randomUUID(),
                kind,
                caller.accessKey(),
                arguments,
                TaskRecord.Status.STARTED,
                "",
                0,
                0,
                now(),
                null);
        store.insert(task);
        engine.wake();
        return task;
    }

    /** What databases keep of a moment. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public Optional<TaskRecord> find(Principal caller, UUID task) {
        return current(task)
                .filter(found -> caller.isSuperadmin() || found.owner().equals(caller.accessKey()));
    }

    private Optional<TaskRecord> current(UUID task) {
        return engine.running(task).or(() -> store.find(task));
    }

    @Override
    public TaskRecord awaitChange(TaskRecord known, Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        while (true) {
            var seen = version();
            var present = current(known.id()).orElse(known);
            var left = end - System.nanoTime();
            if (!present.equals(known) || left <= 0 || !await(seen, Math.min(left, LOOK_EVERY.toNanos()))) {
                return present;
            }
        }
    }

    private long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is signalled or the time is over; returns whether to go on. */
    private boolean await(long seen, long nanos) {
        lock.lock();
        try {
            var left = nanos;
            while (version == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            version++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
