package io.slipway.agent.node;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures use of the whole node from the kernel's own files: {@code cpu_util} (share of all cores since the last
 * measurement) and {@code mem} (what is not available to new programs). Called by one thread.
 */
final class NodeLoad {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLoad.class);
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int GUEST = 8;
    private static final long KIBI = 1024;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Path proc;
    private final int cores;
    private long lastTotal;
    private long lastIdle;

    NodeLoad(Path proc, int cores) {
        this.proc = proc;
        this.cores = cores;
    }

    /** Returns metric name, {@code .} and {@code current}, {@code capacity}, {@code pct} or {@code unit_hint}, to text. */
    Map<String, String> measure() {
        var result = new HashMap<String, String>();
        try {
            result.putAll(processor());
            result.putAll(memory());
        } catch (IOException | NumberFormatException e) {
            LOG.debug("The load of the node cannot be measured", e);
        }
        return result;
    }

    private Map<String, String> processor() throws IOException {
        var total = 0L;
        var idle = 0L;
        try (var lines = Files.lines(proc.resolve("stat"))) {
            var fields = lines.findFirst().orElse("cpu 0").strip().split("\\s+", -1);
            // guest time is contained in user time
            for (var i = 1; i < Math.min(fields.length, 1 + GUEST); i++) {
                var ticks = Long.parseLong(fields[i]);
                total += ticks;
                idle += i == 1 + IDLE || i == 1 + IOWAIT ? ticks : 0;
            }
        }
        var isFirst = lastTotal == 0;
        var passed = total - lastTotal;
        var busy = passed - (idle - lastIdle);
        lastTotal = total;
        lastIdle = idle;
        if (isFirst || passed <= 0) {
            return Map.of();
        }
        var capacity = HUNDRED.multiply(BigDecimal.valueOf(cores));
        var current = capacity.multiply(BigDecimal.valueOf(Math.max(0, busy)))
                .divide(BigDecimal.valueOf(passed), 2, RoundingMode.HALF_UP);
        return metric("cpu_util", current, capacity, "percent");
    }

    private Map<String, String> memory() throws IOException {
        var values = new HashMap<String, Long>();
        try (var lines = Files.lines(proc.resolve("meminfo"))) {
            lines.map(line -> line.split("[:\\s]+", -1))
                    .filter(fields -> fields.length > 1)
                    .forEach(fields -> values.put(fields[0], Long.parseLong(fields[1]) * KIBI));
        }
        var total = values.getOrDefault("MemTotal", 0L);
        var available = values.getOrDefault("MemAvailable", 0L);
        if (total == 0) {
            return Map.of();
        }
        return metric("mem", BigDecimal.valueOf(total - available), BigDecimal.valueOf(total), "bytes");
    }

    private static Map<String, String> metric(String name, BigDecimal current, BigDecimal capacity, String unit) {
        return Map.of(
                name + ".current", current.toPlainString(),
                name + ".capacity", capacity.toPlainString(),
                name + ".pct",
                        current.multiply(HUNDRED)
                                .divide(capacity, 2, RoundingMode.HALF_UP)
                                .toPlainString(),
                name + ".unit_hint", unit);
    }
}
