package io.slipway.manager.store;

import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user.
 *
 * @param id its id
 * @param email its e-mail address, unique
 * @param username its sign-in name, unique
 * @param fullName for people, may be empty
 * @param passwordHash opaque to the store, empty if no password is set
 * @param domain its domain
 * @param role what it may do
 * @param status whether it may sign in
 * @param allowedClientIps networks it may call from, as CIDR; empty for any
 * @param mainAccessKey the keypair that it signs with, or null
 * @param createdAt when it was made
 */
public record UserRecord(
        UUID id,
        String email,
        String username,
        String fullName,
        String passwordHash,
        String domain,
        UserRole role,
        UserStatus status,
        List<String> allowedClientIps,
        @Nullable AccessKey mainAccessKey,
        Instant createdAt) {

    /** Copies. */
    public UserRecord {
        allowedClientIps = List.copyOf(allowedClientIps);
    }

    @Override
    public String toString() {
        return "UserRecord[" + email + "]";
    }
}
