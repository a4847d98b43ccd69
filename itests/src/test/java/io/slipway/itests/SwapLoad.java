package io.slipway.itests;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Steady load through the wire protocol: executes in sessions that count, so that a repeated or lost one shows; reads; whole
 * lives of sessions over both shipped runtimes. Nothing is tried twice, and every answer is looked at.
 */
final class SwapLoad implements AutoCloseable {

    private static final String NOOP = "noop/noop:latest";

    private final Api api;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicLong lives = new AtomicLong();
    private final List<String> counters = new ArrayList<>();
    /** Clients that call share it. */
    private final ReadWriteLock calling = new ReentrantReadWriteLock();

    private final ExecutorService clients =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
    private volatile boolean isOver;

    /** What clients do. */
    enum Kind {
        EXECUTE,
        READ,
        CREATE,
        DESTROY
    }

    /** One answered call. */
    private record Call(Kind kind, long atNanos, long nanos) {}

    /**
     * What was measured over a time.
     *
     * @param answered calls of each kind
     * @param perSecond answered calls
     */
    record Figures(Map<Kind, Long> answered, double perSecond, double p50Millis, double p99Millis) {

        /** Returns whether calls of each kind were answered. */
        boolean isWhole() {
            return answered.size() == Kind.values().length;
        }
    }

    private SwapLoad(Api api) {
        this.api = api;
    }

    /**
     * Clients that make sessions and end them.
     *
     * @param count how many clients
     * @param everyMillis of each at most one session in so long
     */
    record Lives(String image, int count, long everyMillis) {}

    /** Begins: two sessions that count, two readers, six clients that make noop sessions, one that makes Python ones. */
    static SwapLoad begin(Api api) {
        return begin(api, "python", List.of(new Lives(NOOP, 6, 50), new Lives("python", 1, 1000)));
    }

    /**
     * Begins: two sessions that count, two readers, and clients that make sessions.
     *
     * @param image with Python, of the sessions that count
     */
    static SwapLoad begin(Api api, String image, List<Lives> lives) {
        var load = new SwapLoad(api);
        for (var i = 0; i < 2; i++) {
            load.counters.add(api.create("counter-" + i, image));
        }
        for (var session : load.counters) {
            api.run(session, "count = 0");
            var expected = new AtomicLong();
            load.client(10, () -> load.count(session, expected));
            load.client(10, () -> load.read(session));
        }
        for (var each : lives) {
            for (var i = 0; i < each.count(); i++) {
                load.client(each.everyMillis(), () -> load.live(each.image()));
            }
        }
        return load;
    }

    /** One client, that makes a call, waits for its answer and makes the next; at most one in so many milliseconds. */
    @SuppressWarnings("IllegalCatch") // thread boundary: whatever goes wrong is a fault of the load
    private void client(long everyMillis, Runnable call) {
        clients.execute(() -> {
            var next = System.nanoTime();
            while (!isOver) {
                calling.readLock().lock();
                try {
                    call.run();
                } catch (AssertionError | RuntimeException e) {
                    faults.add(String.valueOf(e.getMessage()));
                } finally {
                    calling.readLock().unlock();
                }
                next = Math.max(next + TimeUnit.MILLISECONDS.toNanos(everyMillis), System.nanoTime());
                LockSupport.parkNanos(next - System.nanoTime());
            }
        });
    }

    /** Asks something while no client calls, and no session but those that count is there. */
    <T> T whenQuiet(Supplier<T> question) {
        calling.writeLock().lock();
        try {
            return question.get();
        } finally {
            calling.writeLock().unlock();
        }
    }

    private void count(String session, AtomicLong expected) {
        var began = System.nanoTime();
        var run = api.run(session, "count += 1; print(count)");
        answered(Kind.EXECUTE, began);
        var wanted = Long.toString(expected.incrementAndGet());
        if (!run.stdout().strip().equals(wanted) || run.exitCode() != 0) {
            faults.add("execute " + wanted + " gave " + run);
        }
    }

    private void read(String session) {
        var began = System.nanoTime();
        var response = api.send("GET", "/session/" + session, null);
        answered(Kind.READ, began);
        if (response.statusCode() != 200 || !response.body().contains("RUNNING")) {
            faults.add("read gave " + response.statusCode() + " " + response.body());
        }
    }

    private void live(String image) {
        var name = "live-" + lives.incrementAndGet();
        var began = System.nanoTime();
        var created = api.send("POST", "/session", Api.creation(name, image, false));
        answered(Kind.CREATE, began);
        if (created.statusCode() != 201
                || !Api.json(created.body()).path("status").asText().equals("RUNNING")) {
            faults.add("create of " + image + " gave " + created.statusCode() + " " + created.body());
        }
        began = System.nanoTime();
        var ended = api.send("DELETE", "/session/" + name + "?forced=true", null);
        answered(Kind.DESTROY, began);
        if (ended.statusCode() != 200) {
            faults.add("destroy gave " + ended.statusCode() + " " + ended.body());
        }
    }

    private void answered(Kind kind, long began) {
        calls.add(new Call(kind, began, System.nanoTime() - began));
    }

    /** Returns every answer that was not as it must be. */
    Queue<String> faults() {
        return faults;
    }

    /** Returns how many sessions came and went. */
    long lives() {
        return lives.get();
    }

    /** Returns what was measured from one moment of {@link System#nanoTime} to another. */
    Figures between(long from, long to) {
        var found = calls.stream()
                .filter(call -> call.atNanos() - from >= 0 && call.atNanos() - to < 0)
                .toList();
        var answered = new EnumMap<Kind, Long>(Kind.class);
        found.forEach(call -> answered.merge(call.kind(), 1L, Long::sum));
        var sorted = found.stream().mapToLong(Call::nanos).sorted().toArray();
        return sorted.length == 0
                ? new Figures(answered, 0, 0, 0)
                : new Figures(
                        answered,
                        sorted.length / ((to - from) / 1e9),
                        sorted[sorted.length / 2] / 1e6,
                        sorted[(int) (sorted.length * 99L / 100)] / 1e6);
    }

    /** Ends the load; every call that was begun is answered first. */
    @Override
    public void close() {
        isOver = true;
        clients.close();
        counters.forEach(api::destroy);
        counters.clear();
    }
}
