package io.slipway.manager.persistence.row;

import io.slipway.manager.store.ProjectRecord;
import io.slipway.model.slot.SlotAmounts;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** A project. Locked third by an admission. */
@Entity
@Table(name = "projects")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ProjectRow {

    @Id
    private UUID id;

    private String name;
    private String domain;

    @Column(name = "is_active")
    private boolean isActive;

    @Column(name = "total_slots")
    private String totalSlots;

    /** For the persistence provider. */
    protected ProjectRow() {}

    /** Makes a row. */
    public ProjectRow(ProjectRecord project) {
        id = project.id();
        name = project.name();
        domain = project.domain();
        isActive = project.isActive();
        totalSlots = JsonText.of(project.totalSlots());
    }

    /** Returns the id. */
    public UUID id() {
        return id;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the most that its sessions may hold. */
    public SlotAmounts totalSlots() {
        return JsonText.slotAmounts(totalSlots);
    }

    /** Returns the value for the ports. */
    public ProjectRecord toRecord() {
        return new ProjectRecord(id, name, domain, isActive, totalSlots());
    }
}
