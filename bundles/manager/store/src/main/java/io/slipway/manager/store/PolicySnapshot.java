package io.slipway.manager.store;

import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;

/**
 * What policies allow and what is used, read under lock.
 *
 * @param policy the keypair's policy
 * @param keypair what the keypair uses
 * @param projectLimit the most that the project may hold; a slot that is not mentioned is unlimited
 * @param project what the project uses
 * @param domainLimit the most that the domain may hold; a slot that is not mentioned is unlimited
 * @param domain what the domain uses
 */
public record PolicySnapshot(
        KeypairPolicy policy, Use keypair, SlotAmounts projectLimit, Use project, SlotAmounts domainLimit, Use domain) {

    /**
     * What is used. Where no limit applies nothing is counted: everything is zero, then.
     *
     * @param liveSessions sessions that are not terminal
     * @param pendingSessions those of them that are PENDING
     * @param slots the sum of allocation rows plus what PENDING sessions ask for
     */
    public record Use(int liveSessions, int pendingSessions, SlotAmounts slots) {}
}
