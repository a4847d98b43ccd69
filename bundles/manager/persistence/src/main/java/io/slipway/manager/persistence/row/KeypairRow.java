package io.slipway.manager.persistence.row;

import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.identity.AccessKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A keypair. Locked first by an admission. */
@Entity
@Table(name = "keypairs")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class KeypairRow {

    @Id
    @Column(name = "access_key")
    private String accessKey;

    @Column(name = "sealed_secret")
    private String sealedSecret;

    @Column(name = "user_id")
    private UUID userId;

    @Column(name = "is_active")
    private boolean isActive;

    @Column(name = "is_admin")
    private boolean isAdmin;

    private String policy;

    @Column(name = "rate_limit")
    private int rateLimit;

    @Column(name = "created_at")
    private long createdAt;

    @Column(name = "last_used_at")
    private @Nullable Long lastUsedAt;

    /** For the persistence provider. */
    protected KeypairRow() {}

    /** Makes a row. */
    public KeypairRow(KeypairRecord keypair) {
        accessKey = keypair.accessKey().value();
        sealedSecret = keypair.sealedSecret();
        userId = keypair.user().id();
        isActive = keypair.isActive();
        isAdmin = keypair.isAdmin();
        policy = keypair.policy();
        rateLimit = keypair.rateLimit();
        createdAt = Micros.of(keypair.createdAt());
        lastUsedAt = Micros.ofNullable(keypair.lastUsedAt());
    }

    /** Returns the public half. */
    public String accessKey() {
        return accessKey;
    }

    /** Returns the name of its policy. */
    public String policy() {
        return policy;
    }

    /** Returns the value for the ports. */
    public KeypairRecord toRecord(UserRecord user) {
        return new KeypairRecord(
                new AccessKey(accessKey),
                sealedSecret,
                user,
                isActive,
                isAdmin,
                policy,
                rateLimit,
                Micros.instant(createdAt),
                Micros.instantOrNull(lastUsedAt));
    }
}
