package io.slipway.model.policy;

import io.slipway.model.slot.SlotAmounts;

/**
 * The resource policy of a keypair.
 *
 * @param name its name, such as {@code default}
 * @param totalSlots the most of each slot that live sessions may hold together; a slot that is not mentioned is
 *     unlimited if {@code isUnlimitedByDefault}, else zero
 * @param isUnlimitedByDefault what holds for slots that are not mentioned
 * @param maxConcurrentSessions the most live sessions (not terminal), 0 or less for no limit
 * @param maxContainersPerSession the most kernels of one session, at least 1
 * @param maxPendingSessions the most sessions that may wait at once, 0 or less for no limit
 */
public record KeypairPolicy(
        String name,
        SlotAmounts totalSlots,
        boolean isUnlimitedByDefault,
        int maxConcurrentSessions,
        int maxContainersPerSession,
        int maxPendingSessions) {}
