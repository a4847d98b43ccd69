package io.slipway.manager.store;

import io.slipway.model.slot.SlotAmounts;
import java.util.UUID;

/**
 * A project.
 *
 * @param id its id
 * @param name its name, unique in its domain
 * @param domain its domain
 * @param isActive whether it may be used
 * @param totalSlots the most that its live sessions may hold; a slot that is not mentioned is unlimited
 */
public record ProjectRecord(UUID id, String name, String domain, boolean isActive, SlotAmounts totalSlots) {}
