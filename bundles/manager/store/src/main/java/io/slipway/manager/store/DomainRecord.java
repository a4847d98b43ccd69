package io.slipway.manager.store;

import io.slipway.model.slot.SlotAmounts;
import java.util.List;

/**
 * A domain.
 *
 * @param name its name
 * @param isActive whether it may be used
 * @param totalSlots the most that its live sessions may hold; a slot that is not mentioned is unlimited
 * @param allowedRegistries image registries that it may use
 */
public record DomainRecord(String name, boolean isActive, SlotAmounts totalSlots, List<String> allowedRegistries) {

    /** Copies. */
    public DomainRecord {
        allowedRegistries = List.copyOf(allowedRegistries);
    }
}
