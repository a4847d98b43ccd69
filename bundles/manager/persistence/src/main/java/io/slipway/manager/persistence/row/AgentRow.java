package io.slipway.manager.persistence.row;

import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An agent as it last spoke. */
@Entity
@Table(name = "agents")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class AgentRow {

    @Id
    private String id;

    @Enumerated(EnumType.STRING)
    private AgentStatus status;

    @Column(name = "resource_group")
    private String resourceGroup;

    @Column(name = "is_schedulable")
    private boolean isSchedulable;

    private String address;
    private String version;
    private String architecture;

    @Column(name = "slot_types")
    private String slotTypes;

    private String devices;

    @Column(name = "compute_plugins")
    private String computePlugins;

    private String runtimes;

    @Column(name = "first_contact")
    private long firstContact;

    @Column(name = "lost_at")
    private @Nullable Long lostAt;

    /** For the persistence provider. */
    protected AgentRow() {}

    /** Makes the row of an agent that is heard of for the first time. */
    public AgentRow(AgentRecord agent, String resourceGroup) {
        id = agent.id().value();
        this.resourceGroup = resourceGroup;
        isSchedulable = agent.isSchedulable();
        firstContact = Micros.of(agent.firstContact());
        describe(agent);
    }

    /** Takes what an agent says of itself; its group, first contact and whether it may take work are ours. */
    public final void describe(AgentRecord agent) {
        status = agent.status();
        address = agent.address();
        version = agent.version();
        architecture = agent.architecture();
        slotTypes = JsonText.ofSlotTypes(agent.slotTypes());
        devices = JsonText.ofDevices(agent.devices());
        computePlugins = JsonText.of(agent.computePlugins());
        runtimes = JsonText.of(agent.runtimes());
        lostAt = Micros.ofNullable(agent.lostAt());
    }

    /** Stores whether it is heard of. */
    public void hear(AgentStatus now, Instant at) {
        if (now != AgentStatus.LOST) {
            lostAt = null;
        } else if (lostAt == null) {
            lostAt = Micros.of(at);
        }
        status = now;
    }

    /** Returns the id. */
    public String id() {
        return id;
    }

    /** Returns the value for the ports. */
    public AgentRecord toRecord() {
        return new AgentRecord(
                new AgentId(id),
                status,
                resourceGroup,
                isSchedulable,
                address,
                version,
                architecture,
                JsonText.slotTypes(slotTypes),
                JsonText.devices(devices),
                JsonText.textMap(computePlugins),
                JsonText.textMap(runtimes),
                Micros.instant(firstContact),
                Micros.instantOrNull(lostAt));
    }
}
