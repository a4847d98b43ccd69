package io.slipway.manager.agents;

import io.slipway.agent.api.AgentReport;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an agent.
 *
 * @param record as stored
 * @param report what it said last; null if it is known from the table alone
 * @param heardAt when it was last heard of, by the monotonic clock
 * @param savedAt when it was last stored, by the monotonic clock
 */
record KnownAgent(AgentRecord record, @Nullable AgentReport report, long heardAt, long savedAt) {

    /** From the table: counts as heard of at this moment, so that it gets the whole patience after a restart. */
    static KnownAgent stored(AgentRecord record, long now) {
        return new KnownAgent(record, null, now, now);
    }

    KnownAgent heard(long now) {
        return new KnownAgent(record, report, now, savedAt);
    }

    KnownAgent heard(AgentReport said, long now) {
        return new KnownAgent(record, said, now, savedAt);
    }

    KnownAgent lost(Instant at) {
        var lost = new AgentRecord(
                record.id(),
                AgentStatus.LOST,
                record.resourceGroup(),
                record.isSchedulable(),
                record.address(),
                record.version(),
                record.architecture(),
                record.slotTypes(),
                record.devices(),
                record.computePlugins(),
                record.runtimes(),
                record.firstContact(),
                at);
        return new KnownAgent(lost, report, heardAt, savedAt);
    }

    /** Returns whether an agent says what it said before, but for what changes all the time or is not stored. */
    boolean isSaidAgain(AgentReport next) {
        return report != null
                && record.status() == AgentStatus.ALIVE
                && report.address().equals(next.address())
                && report.version().equals(next.version())
                && report.architecture().equals(next.architecture())
                && report.slotTypes().equals(next.slotTypes())
                && report.devices().equals(next.devices())
                && report.computePlugins().equals(next.computePlugins())
                && report.runtimes().equals(next.runtimes());
    }

    List<String> installedImages() {
        return report == null ? List.of() : report.installedImages();
    }

    AgentView view() {
        return report == null
                ? new AgentView(record, Map.of(), List.of())
                : new AgentView(record, report.liveStat(), report.installedImages(), report.kernels());
    }
}
