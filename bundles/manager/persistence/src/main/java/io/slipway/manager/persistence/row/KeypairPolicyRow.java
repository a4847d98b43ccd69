package io.slipway.manager.persistence.row;

import io.slipway.model.policy.KeypairPolicy;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The resource policy of keypairs. */
@Entity
@Table(name = "keypair_policies")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class KeypairPolicyRow {

    @Id
    private String name;

    @Column(name = "total_slots")
    private String totalSlots;

    @Column(name = "is_unlimited_by_default")
    private boolean isUnlimitedByDefault;

    @Column(name = "max_concurrent_sessions")
    private int maxConcurrentSessions;

    @Column(name = "max_containers_per_session")
    private int maxContainersPerSession;

    @Column(name = "max_pending_sessions")
    private int maxPendingSessions;

    /** For the persistence provider. */
    protected KeypairPolicyRow() {}

    /** Makes a row. */
    public KeypairPolicyRow(KeypairPolicy policy) {
        name = policy.name();
        totalSlots = JsonText.of(policy.totalSlots());
        isUnlimitedByDefault = policy.isUnlimitedByDefault();
        maxConcurrentSessions = policy.maxConcurrentSessions();
        maxContainersPerSession = policy.maxContainersPerSession();
        maxPendingSessions = policy.maxPendingSessions();
    }

    /** Returns the value for the ports. */
    public KeypairPolicy toPolicy() {
        return new KeypairPolicy(
                name,
                JsonText.slotAmounts(totalSlots),
                isUnlimitedByDefault,
                maxConcurrentSessions,
                maxContainersPerSession,
                maxPendingSessions);
    }
}
