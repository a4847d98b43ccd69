package io.slipway.manager.store;

import io.slipway.model.identity.AccessKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A keypair with its user.
 *
 * @param accessKey the public half
 * @param sealedSecret the secret half, encrypted; opaque to the store
 * @param user whose it is
 * @param isActive whether it may sign
 * @param isAdmin whether it may administrate its user's domain
 * @param policy name of its resource policy
 * @param rateLimit requests per 15 minutes, 0 or less for no limit
 * @param createdAt when it was made
 * @param lastUsedAt when it last signed, or null
 */
public record KeypairRecord(
        AccessKey accessKey,
        String sealedSecret,
        UserRecord user,
        boolean isActive,
        boolean isAdmin,
        String policy,
        int rateLimit,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {

    @Override
    public String toString() {
        return "KeypairRecord[" + accessKey + "]";
    }
}
