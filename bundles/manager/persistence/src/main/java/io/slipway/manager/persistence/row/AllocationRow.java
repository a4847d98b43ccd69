package io.slipway.manager.persistence.row;

import io.slipway.manager.store.Occupancy;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotName;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** So much of one slot of one device, held by a kernel until it is freed. */
@Entity
@Table(name = "allocations")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class AllocationRow {

    /** All columns, in the order of {@link #read} and {@link #INSERT}. */
    public static final String COLUMNS = "id, kernel_id, agent_id, slot, device, amount, owner_key, project_id, domain,"
            + " resource_group, allocated_at, freed_at";

    /** Adds a row; see {@link #insert}. */
    public static final String INSERT =
            "INSERT INTO allocations (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Ends an allocation that has not ended; see {@link #update}. */
    public static final String UPDATE = "UPDATE allocations SET freed_at = ? WHERE id = ? AND freed_at IS NULL";

    /** Moves an allocation that has not ended to another device; see {@link #updateDevice}. */
    public static final String RELOCATE = "UPDATE allocations SET device = ? WHERE id = ? AND freed_at IS NULL";

    @Id
    private UUID id;

    @Column(name = "kernel_id")
    private UUID kernelId;

    @Column(name = "agent_id")
    private String agent;

    private String slot;
    private String device;
    private BigDecimal amount;

    @Column(name = "owner_key")
    private String owner;

    @Column(name = "project_id")
    private UUID projectId;

    private String domain;

    @Column(name = "resource_group")
    private String resourceGroup;

    @Column(name = "allocated_at")
    private long allocatedAt;

    @Column(name = "freed_at")
    private @Nullable Long freedAt;

    /** For the persistence provider. */
    protected AllocationRow() {}

    /** Returns the row that a result stands at. */
    public static AllocationRow read(ResultSet result) throws SQLException {
        var columns = new Columns(result);
        var row = new AllocationRow();
        row.id = columns.uuid();
        row.kernelId = columns.uuid();
        row.agent = columns.text();
        row.slot = columns.text();
        row.device = columns.text();
        row.amount = columns.decimal();
        row.owner = columns.text();
        row.projectId = columns.uuid();
        row.domain = columns.text();
        row.resourceGroup = columns.text();
        row.allocatedAt = columns.number();
        row.freedAt = columns.numberOrNull();
        return row;
    }

    /** Adds itself to a batch of {@link #INSERT}. */
    public void insert(PreparedStatement batch) throws SQLException {
        new Parameters(batch)
                .uuid(id)
                .uuid(kernelId)
                .text(agent)
                .text(slot)
                .text(device)
                .decimal(amount)
                .text(owner)
                .uuid(projectId)
                .text(domain)
                .text(resourceGroup)
                .number(allocatedAt)
                .number(freedAt);
        batch.addBatch();
    }

    /** Adds its end to a batch of {@link #UPDATE}. */
    public void update(PreparedStatement batch) throws SQLException {
        new Parameters(batch).number(freedAt).uuid(id);
        batch.addBatch();
    }

    /** Adds its device to a batch of {@link #RELOCATE}. */
    public void updateDevice(PreparedStatement batch) throws SQLException {
        new Parameters(batch).text(device).uuid(id);
        batch.addBatch();
    }

    /** Makes the row of an allocation that begins. */
    public AllocationRow(
            UUID id, SessionRow session, UUID kernel, String agent, DeviceAllocation allocation, Instant at) {
        this.id = id;
        kernelId = kernel;
        this.agent = agent;
        slot = allocation.slot().value();
        device = allocation.device().value();
        amount = allocation.amount();
        owner = session.owner();
        projectId = session.projectId();
        domain = session.domain();
        resourceGroup = session.resourceGroup();
        allocatedAt = Micros.of(at);
    }

    /**
     * Ends it.
     *
     * @throws IllegalStateException if it has ended before
     */
    public void free(Instant at) {
        if (freedAt != null) {
            throw new IllegalStateException("allocation " + id + " of kernel " + kernelId + " was freed before");
        }
        freedAt = Micros.of(at);
    }

    /** Lets it be of another device. */
    public void relocate(DeviceId to) {
        device = to.value();
    }

    /** Returns when it ended, or null. */
    public @Nullable Instant freedAt() {
        return Micros.instantOrNull(freedAt);
    }

    /** Returns the kernel that holds it. */
    public UUID kernelId() {
        return kernelId;
    }

    /** Returns whether it is of exactly this device, slot and amount. */
    public boolean holds(DeviceAllocation other) {
        return holdsAsMuchAs(other) && device.equals(other.device().value());
    }

    /** Returns whether it is of this slot and amount, on whatever device. */
    public boolean holdsAsMuchAs(DeviceAllocation other) {
        return slot.equals(other.slot().value()) && amount.compareTo(other.amount()) == 0;
    }

    /** Returns what is held. */
    public DeviceAllocation allocation() {
        return new DeviceAllocation(new DeviceId(device), new SlotName(slot), amount.stripTrailingZeros());
    }

    /** Returns the slot. */
    public SlotName slot() {
        return new SlotName(slot);
    }

    /** Returns how much. */
    public BigDecimal amount() {
        return amount;
    }

    /** Returns the value for the ports. */
    public Occupancy toOccupancy() {
        return new Occupancy(new AgentId(agent), new KernelId(kernelId), new AccessKey(owner), allocation());
    }
}
