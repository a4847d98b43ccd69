package io.slipway.manager.session;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.scheduler.SchedulerGroups;
import io.slipway.manager.scheduler.SteppedScheduler;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.slot.SlotName;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole lives of sessions per second, each durable, over an agent that does nothing: for finding what costs time here. Not a
 * test; run its main. Arguments: sessions, clients at once.
 */
public final class SessionThroughput {

    private static final Logger LOG = LoggerFactory.getLogger(SessionThroughput.class);

    private static final AgentId AGENT = new AgentId("i-noop");

    private final OpenStores stores;
    private final BlockingQueue<List<SessionEvent>> stored = new LinkedBlockingQueue<>();
    private final List<SessionEventListener> listeners = new ArrayList<>();
    private final ExecutorService agentThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final StoredSessionService service;
    private final KernelEventApplier events;

    private SessionThroughput(OpenStores stores) {
        this.stores = stores;
        var record = Town.agent("i-noop", 1_000_000);
        Town.populate(stores, List.of(record));
        var directory = new Town.Directory();
        directory.add(record, noop());
        var sessions = stores.sessions();
        var queue = new WorkQueue();
        var watch = new SessionWatch(sessions);
        var transitions = new StoredTransitions(sessions, () -> {}, watch);
        events = new KernelEventApplier(sessions, transitions, queue);
        var lifecycle = new SessionLifecycle(
                sessions,
                transitions,
                queue,
                events,
                directory,
                Town.images(),
                defaults(SessionLifecycle.Config.class));
        var requests = new SessionRequests(
                Town.identities(), stores.identities(), Town.images(), directory, stores.sessions());
        service = new StoredSessionService(sessions, transitions, requests, watch, queue, () -> {}, directory);
        var scheduler = new SchedulerGroups(
                sessions,
                stores.scheduling(),
                () -> {},
                directory,
                Town.config("throughput"),
                Town.plugins(),
                defaults(SchedulerGroups.Config.class));
        listeners.addAll(List.of(queue, watch, scheduler));
        if (stores.outbox().onStored(stored::add).isEmpty()) {
            throw new IllegalStateException("the store gives no events");
        }
        lifecycle.start();
        SteppedScheduler.begin(scheduler);
        Thread.ofPlatform().daemon().name("relay").start(this::relay);
    }

    public static void main(String[] arguments) throws Exception {
        var count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3_000;
        var clients = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
        Path folder = Files.createTempDirectory("slipway-throughput");
        try (var stores = OpenStores.inFile(folder.resolve("db"))) {
            var run = new SessionThroughput(stores);
            run.measure(count / 4, clients);
            LOG.error("{} clients: {} sessions/s", clients, run.measure(count, clients));
        }
    }

    private long measure(int count, int clients) throws InterruptedException {
        var next = new AtomicInteger();
        var begin = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                threads.execute(() -> {
                    while (next.incrementAndGet() <= count) {
                        live("s" + System.nanoTime() + "-"
                                + Thread.currentThread().threadId());
                    }
                });
            }
            threads.shutdown();
            if (!threads.awaitTermination(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("too slow");
            }
        }
        return count * 1_000_000_000L / (System.nanoTime() - begin);
    }

    private void live(String name) {
        var owner = Town.USER.accessKey();
        var id = service.create(Town.USER, owner, Town.wish(name, 1, 1, ClusterMode.SINGLE_NODE))
                .session()
                .id();
        var started = service.awaitStarted(id, Duration.ofSeconds(30));
        if (started.status() != SessionStatus.RUNNING) {
            throw new IllegalStateException("not started: " + started);
        }
        service.destroy(Town.USER, owner, id.toString(), false);
        var ended = service.awaitLeft(id, Set.of(SessionStatus.TERMINATING), Duration.ofSeconds(30));
        if (ended.status() != SessionStatus.TERMINATED) {
            throw new IllegalStateException("not ended: " + ended);
        }
    }

    /** As the outbox does it with a store that gives events by itself. */
    private void relay() {
        var marked = new ArrayList<Long>();
        try {
            while (true) {
                var events = stored.poll(200, TimeUnit.MILLISECONDS);
                if (events != null) {
                    events.forEach(event -> listeners.forEach(listener -> listener.happened(event)));
                    events.forEach(event -> marked.add(event.id()));
                }
                if (marked.size() >= 1_000 || (events == null && !marked.isEmpty())) {
                    stores.outbox().published(marked, Instant.now());
                    marked.clear();
                }
            }
        } catch (InterruptedException e) {
            LOG.error("relay interrupted", e);
        }
    }

    private Agent noop() {
        return (Agent) Proxy.newProxyInstance(
                Agent.class.getClassLoader(), new Class<?>[] {Agent.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "create" -> {
                            var request = (CreateKernel) arguments[0];
                            agentThreads.execute(() -> events.apply(new AgentEvent.KernelRunning(
                                    AGENT, request.kernel(), "c", List.of(), devices(request))));
                        }
                        case "destroy" -> {
                            var request = (DestroyKernel) arguments[0];
                            var exit = new KernelExit(request.reason(), null, "");
                            agentThreads.execute(
                                    () -> events.apply(new AgentEvent.KernelEnded(AGENT, request.kernel(), exit, "")));
                        }
                        default -> LOG.debug("{}", method);
                    }
                    return List.class.isAssignableFrom(method.getReturnType()) ? List.of() : null;
                });
    }

    private static List<DeviceAllocation> devices(CreateKernel request) {
        return request.slots().amounts().entrySet().stream()
                .map(slot -> new DeviceAllocation(
                        new DeviceId(slot.getKey().equals(SlotName.CPU) ? "cores" : "memory"),
                        slot.getKey(),
                        slot.getValue()))
                .toList();
    }

    private static <T> T defaults(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> value(method)));
    }

    private static Object value(Method method) {
        return method.getDefaultValue();
    }
}
