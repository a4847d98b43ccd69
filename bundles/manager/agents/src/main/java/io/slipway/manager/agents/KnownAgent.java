package io.slipway.manager.agents;

import io.slipway.agent.api.AgentReport;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is known of an agent.
 *
 * @param record as stored
 * @param liveStat measured use
 * @param installedImages images on its node
 * @param heardAt when it was last heard of, by the monotonic clock
 * @param savedAt when it was last stored, by the monotonic clock
 */
record KnownAgent(
        AgentRecord record, Map<String, String> liveStat, List<String> installedImages, long heardAt, long savedAt) {

    KnownAgent {
        liveStat = Map.copyOf(liveStat);
        installedImages = List.copyOf(installedImages);
    }

    /** From the table: counts as heard of at this moment, so that it gets the whole patience after a restart. */
    static KnownAgent stored(AgentRecord record, long now) {
        return new KnownAgent(record, Map.of(), List.of(), now, now);
    }

    KnownAgent heard(long now) {
        return new KnownAgent(record, liveStat, installedImages, now, savedAt);
    }

    KnownAgent heard(AgentReport report, long now) {
        return new KnownAgent(record, report.liveStat(), report.installedImages(), now, savedAt);
    }

    KnownAgent saved(AgentRecord stored, long now) {
        return new KnownAgent(stored, liveStat, installedImages, heardAt, now);
    }

    KnownAgent lost(Instant at) {
        return new KnownAgent(withStatus(record, AgentStatus.LOST, at), liveStat, installedImages, heardAt, savedAt);
    }

    private static AgentRecord withStatus(AgentRecord record, AgentStatus status, Instant lostAt) {
        return new AgentRecord(
                record.id(),
                status,
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
                lostAt);
    }

    /** Returns whether what an agent says is what is stored. */
    boolean agreesWith(AgentReport report) {
        return record.status() == AgentStatus.ALIVE
                && record.address().equals(report.address())
                && record.version().equals(report.version())
                && record.architecture().equals(report.architecture())
                && record.slotTypes().equals(report.slotTypes())
                && record.devices().equals(report.devices())
                && record.computePlugins().equals(report.computePlugins())
                && record.runtimes().equals(report.runtimes());
    }

    AgentView view() {
        return new AgentView(record, liveStat, installedImages);
    }
}
