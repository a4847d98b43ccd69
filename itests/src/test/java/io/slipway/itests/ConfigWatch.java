package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Changes one key of the shared configuration all the time, and reads what a watch of it inside the server hears. */
final class ConfigWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final SignedHttp admin;
    private final Path heard;
    private final AtomicLong put = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> writer;
    private volatile boolean isOver;

    /**
     * Begins.
     *
     * @param heard where the watch writes what it hears
     */
    ConfigWatch(SignedHttp admin, Path heard) {
        this.admin = admin;
        this.heard = heard;
        this.writer = CompletableFuture.runAsync(this::write, Thread::startVirtualThread);
    }

    /** Returns a plug-in that watches, to be installed; made of the noop runtime's jar, of which it uses nothing. */
    static Path plugin(PluginJars jars, Path noop, Path heard) {
        var echo = new BadComponent(
                        List.of("ConfigEcho"),
                        "echo",
                        "io.slipway.scheduling.spi.SequencingPolicy",
                        "NoopRuntime",
                        "",
                        List.of("<reference name=\"config\" interface=\"io.slipway.config.api.SharedConfig\""
                                + " parameter=\"0\"/>"))
                .with(Map.of("file", heard.toString(), "key", "manager/announcement"));
        var headers = Map.of(
                "Bundle-SymbolicName",
                "io.slipway.itests.echo",
                "Import-Package",
                "io.slipway.config.api,io.slipway.scheduling.spi,io.slipway.model.session");
        return jars.bad(noop, "1.0.0", echo, headers);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: whatever goes wrong is a fault
    private void write() {
        while (!isOver) {
            var next = put.get() + 1;
            try {
                var request = Api.text(Map.of("enabled", true, "message", Long.toString(next)));
                var response = admin.send("POST", "/manager/announcement", request);
                if (response.statusCode() != 204) {
                    faults.add("put " + next + " gave " + response.statusCode() + " " + response.body());
                }
            } catch (RuntimeException e) {
                faults.add("put " + next + ": " + e);
            }
            put.set(next);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private List<Long> values() {
        try {
            return Files.exists(heard)
                    ? Files.readAllLines(heard).stream().map(Long::valueOf).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the last value that was heard, 0 if none. */
    long last() {
        var values = values();
        return values.isEmpty() ? 0 : values.getLast();
    }

    /** Returns what was put last. */
    long put() {
        return put.get();
    }

    /** Returns what went wrong so far: values that came after a newer one, or could not be put. */
    List<String> faults() {
        var all = new java.util.ArrayList<>(faults);
        var before = 0L;
        for (var value : values()) {
            if (value < before) {
                all.add("heard " + value + " after " + before);
            }
            before = value;
        }
        return all;
    }

    /** Ends the changes; the last one is made when this returns. */
    @Override
    public void close() {
        isOver = true;
        writer.join();
    }
}
