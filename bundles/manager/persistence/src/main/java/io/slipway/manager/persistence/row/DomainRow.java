package io.slipway.manager.persistence.row;

import io.slipway.manager.store.DomainRecord;
import io.slipway.model.slot.SlotAmounts;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A domain. Locked last by an admission. */
@Entity
@Table(name = "domains")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class DomainRow {

    @Id
    private String name;

    @Column(name = "is_active")
    private boolean isActive;

    @Column(name = "total_slots")
    private String totalSlots;

    @Column(name = "allowed_registries")
    private String allowedRegistries;

    /** For the persistence provider. */
    protected DomainRow() {}

    /** Makes a row. */
    public DomainRow(DomainRecord domain) {
        name = domain.name();
        isActive = domain.isActive();
        totalSlots = JsonText.of(domain.totalSlots());
        allowedRegistries = JsonText.of(domain.allowedRegistries());
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
    public DomainRecord toRecord() {
        return new DomainRecord(name, isActive, totalSlots(), JsonText.textList(allowedRegistries));
    }
}
