package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the agent is and has, as last found out, and telling it to managers. */
final class Heartbeat {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final NodeSettings settings;
    private final NodeParts parts;
    private final NodeLoad load;
    private final KernelLoads kernels;

    private volatile Map<String, String> runtimes = Map.of();
    private volatile List<String> images = List.of();
    private volatile Map<String, String> liveStat = Map.of();
    // the thread of the beat
    private boolean isHeard = true;

    Heartbeat(NodeSettings settings, NodeParts parts, NodeLoad load, KernelLoads kernels) {
        this.settings = settings;
        this.parts = parts;
        this.load = load;
        this.kernels = kernels;
    }

    /** Asks accelerators and runtimes again; returns whether anything changed. */
    boolean refresh() {
        var isChanged = parts.accelerators().refresh();
        var statuses = new TreeMap<String, String>();
        parts.runtimes().ids().forEach(id -> statuses.put(id.value(), "does not answer"));
        parts.runtimes().traits().forEach((id, traits) -> statuses.put(id.value(), traits.status()));
        isChanged |= !statuses.equals(runtimes);
        runtimes = statuses;
        var names = parts.runtimes().images().stream()
                .map(image -> image.ref().canonical())
                .sorted()
                .distinct()
                .toList();
        isChanged |= !names.equals(images);
        images = names;
        return isChanged;
    }

    /** Returns whether plug-ins came or went since the last {@link #refresh}. */
    boolean isOutdated() {
        return parts.accelerators().isOutdated()
                || !parts.runtimes().ids().stream()
                        .map(Object::toString)
                        .toList()
                        .equals(List.copyOf(runtimes.keySet()));
    }

    AgentReport report() {
        return new AgentReport(
                settings.agent(),
                settings.resourceGroup(),
                settings.address(),
                settings.version(),
                settings.architecture(),
                parts.accelerators().slotTypes(),
                parts.accelerators().devices(),
                parts.accelerators().plugins(),
                runtimes,
                images,
                liveStat,
                kernels.present());
    }

    /** Tells managers, if there are any; returns whether they took it. */
    @SuppressWarnings("IllegalCatch") // thread boundary: a failing manager must not end the heartbeats
    boolean beat() {
        liveStat = load.measure();
        var sink = parts.outbox().sink();
        if (sink.isEmpty()) {
            return false;
        }
        try {
            sink.get().heartbeat(report());
            if (!isHeard) {
                LOG.info("Heartbeats are taken again");
            }
            isHeard = true;
        } catch (AgentException | RuntimeException e) {
            if (isHeard) {
                LOG.warn("Heartbeats are not taken: {}", e.toString());
            }
            isHeard = false;
        }
        return isHeard;
    }
}
