package io.slipway.agent.node;

import io.slipway.agent.api.KernelUse;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotName;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelStats;
import io.slipway.runtime.spi.KernelStats.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures what the kernels that run use. {@link #measure} is for one thread; what it found is for any. */
final class KernelLoads {

    private static final Logger LOG = LoggerFactory.getLogger(KernelLoads.class);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final KernelTable table;
    private final Runtimes runtimes;
    private final NanoClock clock;
    private final Map<KernelId, Sample> last = new HashMap<>(); // of the measuring thread
    private volatile Map<KernelId, KernelUse> present = Map.of();

    KernelLoads(KernelTable table, Runtimes runtimes, NanoClock clock) {
        this.table = table;
        this.runtimes = runtimes;
        this.clock = clock;
    }

    /** Time that never goes back. */
    interface NanoClock {
        long nanos();
    }

    private record Sample(long cpuMillis, long nanos) {}

    /** Returns what was found last. */
    Map<KernelId, KernelUse> present() {
        return present;
    }

    /** Measures every kernel that runs. One that cannot be measured is left out. */
    void measure() {
        var found = new HashMap<KernelId, KernelUse>();
        for (var kernel : table.all()) {
            if (kernel.stage() == NodeKernel.Stage.RUNNING) {
                usage(kernel).ifPresent(usage -> found.put(kernel.id(), use(kernel, usage)));
            }
        }
        last.keySet().retainAll(found.keySet());
        present = Map.copyOf(found);
    }

    private Optional<Usage> usage(NodeKernel kernel) {
        try {
            return runtimes.call(
                    kernel.runtime(),
                    runtime -> runtime instanceof KernelStats stats
                            ? Optional.of(stats.usage(kernel.id()))
                            : Optional.empty());
        } catch (KernelRuntimeException e) {
            LOG.debug("kernel={} cannot be measured now", kernel.id(), e);
            return Optional.empty();
        }
    }

    private KernelUse use(NodeKernel kernel, Usage usage) {
        var now = new Sample(usage.cpuMillis(), clock.nanos());
        var before = last.put(kernel.id(), now);
        return new KernelUse(
                usage.cpuMillis(),
                before == null ? BigDecimal.ZERO.setScale(2) : percent(before, now),
                amount(kernel, SlotName.CPU).multiply(HUNDRED),
                usage.memoryBytes(),
                usage.memoryPeakBytes(),
                amount(kernel, SlotName.MEM).longValue(),
                usage.disk().in(),
                usage.disk().out(),
                usage.network().in(),
                usage.network().out());
    }

    private static BigDecimal percent(Sample before, Sample now) {
        var passed = BigDecimal.valueOf(Math.max(1, now.nanos() - before.nanos()));
        return BigDecimal.valueOf(Math.max(0, now.cpuMillis() - before.cpuMillis()))
                .multiply(MILLION)
                .multiply(HUNDRED)
                .divide(passed, 2, RoundingMode.HALF_UP);
    }

    private static BigDecimal amount(NodeKernel kernel, SlotName slot) {
        return kernel.note().allocations().stream()
                .filter(allocation -> allocation.slot().equals(slot))
                .map(DeviceAllocation::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
