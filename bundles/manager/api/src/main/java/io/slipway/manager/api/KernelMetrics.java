package io.slipway.manager.api;

import io.slipway.agent.api.KernelUse;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What kernels use, in the words of clients. */
public final class KernelMetrics {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal NONE = BigDecimal.ZERO;

    private KernelMetrics() {}

    /**
     * Returns what a kernel uses, as clients read it.
     *
     * @return metric name to {@code current}, {@code capacity}, {@code pct}, {@code unit_hint} and perhaps {@code stats.max},
     *     numbers as plain decimal text
     */
    public static Map<String, Map<String, String>> of(KernelUse use) {
        var metrics = new LinkedHashMap<String, Map<String, String>>();
        metrics.put("cpu_used", metric(BigDecimal.valueOf(use.cpuMillis()), NONE, "msec"));
        metrics.put("cpu_util", metric(use.cpuPercent(), use.cpuCapacity(), "percent"));
        var memory = metric(BigDecimal.valueOf(use.memoryBytes()), BigDecimal.valueOf(use.memoryCapacity()), "bytes");
        memory.put("stats.max", Long.toString(use.memoryPeakBytes()));
        metrics.put("mem", memory);
        metrics.put("io_read", bytes(use.readBytes()));
        metrics.put("io_write", bytes(use.writtenBytes()));
        metrics.put("net_rx", bytes(use.receivedBytes()));
        metrics.put("net_tx", bytes(use.sentBytes()));
        return metrics;
    }

    private static Map<String, String> bytes(long current) {
        return metric(BigDecimal.valueOf(current), NONE, "bytes");
    }

    /** What has no capacity is no part of anything. */
    private static Map<String, String> metric(BigDecimal current, BigDecimal capacity, String unit) {
        var pct = capacity.signum() == 0 ? NONE : current.multiply(HUNDRED).divide(capacity, 2, RoundingMode.HALF_UP);
        var metric = new LinkedHashMap<String, String>();
        metric.put("current", current.toPlainString());
        metric.put("capacity", capacity.toPlainString());
        metric.put("pct", pct.setScale(2, RoundingMode.HALF_UP).toPlainString());
        metric.put("unit_hint", unit);
        return metric;
    }
}
