package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A resource group. Its row is the lock of the scheduler's writes. */
@Entity
@Table(name = "resource_groups")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ResourceGroupRow {

    @Id
    private String name;

    @Column(name = "is_active")
    private boolean isActive;

    @Column(name = "fencing_token")
    private long fencingToken;

    /** For the persistence provider. */
    protected ResourceGroupRow() {}

    /** Makes the row of an active group. */
    public ResourceGroupRow(String name) {
        this.name = name;
        isActive = true;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }
}
