package io.slipway.manager.graphql;

import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.Occupancy;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Agents in the words of the schema. */
final class AgentViews {

    private static final SlotName GPU = new SlotName("cuda.device");
    private static final SlotName TPU = new SlotName("tpu.device");

    private AgentViews() {}

    /**
     * Returns an agent.
     *
     * @param rows what kernels hold of it
     */
    static Map<String, @Nullable Object> agent(AgentView agent, List<Occupancy> rows) {
        var occupied = rows.stream()
                .map(row ->
                        SlotAmounts.of(row.allocation().slot(), row.allocation().amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
        var record = agent.record();
        var available = record.availableSlots();
        var view = new HashMap<String, @Nullable Object>();
        view.put("id", record.id().toString());
        view.put("status", record.status().name());
        view.put("status_changed", record.lostAt() == null ? record.firstContact() : record.lostAt());
        view.put("region", "local");
        view.put("scaling_group", record.resourceGroup());
        view.put("schedulable", record.isSchedulable());
        view.put("available_slots", JsonText.slots(available));
        view.put("occupied_slots", JsonText.slots(occupied));
        view.put("addr", record.address());
        view.put("architecture", record.architecture());
        view.put("first_contact", record.firstContact());
        view.put("lost_at", record.lostAt());
        view.put("version", record.version());
        view.put("live_stat", liveStat(agent.liveStat()));
        view.put("compute_plugins", plugins(record.computePlugins()));
        view.put("hardware_metadata", hardware(record.runtimes()));
        view.put("local_config", "{}");
        view.put("mem_slots", available.get(SlotName.MEM));
        view.put("cpu_slots", available.get(SlotName.CPU).doubleValue());
        view.put("gpu_slots", available.get(GPU).doubleValue());
        view.put("tpu_slots", available.get(TPU).doubleValue());
        view.put("used_gpu_slots", occupied.get(GPU).doubleValue());
        view.put("used_tpu_slots", occupied.get(TPU).doubleValue());
        view.put("container_count", (int)
                rows.stream().map(Occupancy::kernel).distinct().count());
        view.put("auto_terminate_abusing_kernel", false);
        view.put("used_mem_slots", occupied.get(SlotName.MEM));
        view.put("used_cpu_slots", occupied.get(SlotName.CPU).doubleValue());
        view.put("cpu_cur_pct", number(agent.liveStat().get("cpu_util.current")));
        view.put("mem_cur_bytes", number(agent.liveStat().get("mem.current")));
        return view;
    }

    private static @Nullable Double number(@Nullable String text) {
        return text == null ? null : Double.valueOf(text);
    }

    private static String plugins(Map<String, String> versions) {
        var view = new TreeMap<String, Object>();
        versions.forEach((plugin, version) -> view.put(plugin, Map.of("version", version)));
        return JsonText.of(view);
    }

    private static String hardware(Map<String, String> runtimes) {
        var view = new TreeMap<String, Object>();
        runtimes.forEach((runtime, status) -> view.put(
                runtime,
                Map.of(
                        "status",
                        status.equals("ok") ? "healthy" : "unavailable",
                        "status_info",
                        status,
                        "metadata",
                        Map.of())));
        return JsonText.of(view);
    }

    /** Metric names are {@code name.current} and {@code name.capacity}; clients want them grouped, with a percentage. */
    private static String liveStat(Map<String, String> metrics) {
        var node = new TreeMap<String, Object>();
        metrics.forEach((name, value) -> {
            if (name.endsWith(".current")) {
                var metric = name.substring(0, name.length() - ".current".length());
                var capacity = metrics.getOrDefault(metric + ".capacity", "0");
                node.put(metric, metric(metric, value, capacity));
            }
        });
        return JsonText.of(Map.of("node", node, "devices", Map.of(), "processes", Map.of()));
    }

    private static Map<String, String> metric(String name, String current, String capacity) {
        var whole = new BigDecimal(capacity);
        var pct = whole.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(current).multiply(BigDecimal.valueOf(100)).divide(whole, MathContext.DECIMAL32);
        return Map.of(
                "current",
                current,
                "capacity",
                capacity,
                "pct",
                pct.setScale(2, java.math.RoundingMode.HALF_UP).toPlainString(),
                "unit_hint",
                name.startsWith("mem") ? "bytes" : "percent");
    }
}
