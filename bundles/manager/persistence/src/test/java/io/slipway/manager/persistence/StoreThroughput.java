package io.slipway.manager.persistence;

import io.slipway.model.kernel.KernelStatus;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures whole lives of sessions per second: admit, place, four moves to RUNNING, two to the end, each durable, with a
 * publisher that empties the outbox. Arguments: H2_FILE or POSTGRESQL, callers, seconds. Run by hand; see the README.
 */
final class StoreThroughput {

    private static final Logger LOG = LoggerFactory.getLogger(StoreThroughput.class);

    private StoreThroughput() {}

    public static void main(String[] arguments) throws InterruptedException {
        var kind = DatabaseKind.valueOf(arguments[0]);
        var callers = Integer.parseInt(arguments[1]);
        var seconds = Integer.parseInt(arguments[2]);
        try (var database = kind.openNew()) {
            measure(database, callers, Duration.ofSeconds(Math.max(2, seconds)), "warm-up " + kind);
            measure(database, callers, Duration.ofSeconds(seconds), kind.name());
        }
        System.exit(0);
    }

    private static void measure(Database database, int callers, Duration time, String label)
            throws InterruptedException {
        var tenant = Tenant.create(database);
        var lives = new AtomicLong();
        var isOver = new AtomicBoolean();
        var done = new CountDownLatch(callers + 1);
        var latencies = java.util.Collections.synchronizedList(new ArrayList<Long>());
        var cpuBefore = cpuNanos();
        var before = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.execute(() -> {
                    while (!isOver.get()) {
                        var start = System.nanoTime();
                        live(tenant);
                        latencies.add(System.nanoTime() - start);
                        lives.incrementAndGet();
                    }
                    done.countDown();
                });
            }
            threads.execute(() -> {
                publish(database, isOver);
                done.countDown();
            });
            Thread.sleep(time);
            isOver.set(true);
            if (!done.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("callers do not end");
            }
        }
        var wall = (System.nanoTime() - before) / 1e9;
        var cpu = (cpuNanos() - cpuBefore) / 1e9;
        latencies.sort(null);
        LOG.info(
                "{}: {} callers, {} lives/s, CPU {} ms per life, life p50 {} ms, p99 {} ms",
                label,
                callers,
                Math.round(lives.get() / wall),
                String.format("%.2f", cpu * 1e3 / lives.get()),
                latencies.get(latencies.size() / 2) / 1_000_000,
                latencies.get(latencies.size() * 99 / 100) / 1_000_000);
    }

    private static void live(Tenant tenant) {
        var session = tenant.schedule(tenant.admit());
        for (var state : new KernelStatus[] {
            KernelStatus.PREPARING,
            KernelStatus.CREATING,
            KernelStatus.RUNNING,
            KernelStatus.TERMINATING,
            KernelStatus.TERMINATED
        }) {
            session = tenant.moved(session, state);
        }
    }

    private static void publish(Database database, AtomicBoolean isOver) {
        var outbox = new JpaOutboxStore(database);
        var nextPurge = Instant.now();
        while (!isOver.get()) {
            var now = Instant.now();
            var events = outbox.claim("measurement", now, now.plusSeconds(30), 1_000);
            outbox.published(events.stream().map(event -> event.id()).toList(), now);
            if (now.isAfter(nextPurge)) {
                outbox.purge(now.minusSeconds(1));
                nextPurge = now.plusSeconds(1);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static long cpuNanos() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean own ? own.getProcessCpuTime() : 0;
    }
}
