package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code lease()}, {@code get()} and {@code close()} cost together, alone and under 16 threads, and the floor of both: the
 * look-up of the set without a lease. With more threads than cores a call's time has the waits for a core in it, as its floor.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(5)
@SuppressWarnings("rawtypes") // any interface serves as the SPI
public class LeaseBenchmark {

    private static final PluginId ID = new PluginId("one");

    private final Generation generation = new Generation(Map.of(
            Supplier.class.getName(),
            new TreeMap<>(Map.of(ID, new VersionedProvider(ID, "1.0.0", (Supplier<String>) () -> "served")))));
    private final PluginSet<Supplier> plugins = new LivePluginSet<>(Supplier.class, () -> generation);

    /** One thread. */
    @Benchmark
    @Threads(1)
    public Object alone() {
        try (var lease = plugins.lease(ID)) {
            return lease.get();
        }
    }

    /** Sixteen threads on one provider. */
    @Benchmark
    @Threads(16)
    public Object crowded() {
        try (var lease = plugins.lease(ID)) {
            return lease.get();
        }
    }

    /** The floor of one thread. */
    @Benchmark
    @Threads(1)
    public Object aloneFloor() {
        return generation.of(Supplier.class).inOrder();
    }

    /** The floor of sixteen threads. */
    @Benchmark
    @Threads(16)
    public Object crowdedFloor() {
        return generation.of(Supplier.class).inOrder();
    }
}
