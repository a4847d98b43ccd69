package io.slipway.scheduling.spi;

import io.slipway.model.slot.SlotAmounts;
import java.util.Map;

/**
 * What live sessions of a resource group hold.
 *
 * @param capacity what all agents of the group have
 * @param byOwner what each owner (access key) holds; an owner that is not mentioned holds nothing
 */
public record Usage(SlotAmounts capacity, Map<String, SlotAmounts> byOwner) {

    /** Copies. */
    public Usage {
        byOwner = Map.copyOf(byOwner);
    }
}
