package io.slipway.model.identity;

import java.util.UUID;

/**
 * An authenticated caller.
 *
 * @param accessKey the key that signed
 * @param userId the user whose main key it is
 * @param email the user's e-mail address
 * @param domain the user's domain
 * @param role the user's role
 * @param isKeypairAdmin the administrator flag of the keypair
 */
public record Principal(
        AccessKey accessKey, UUID userId, String email, String domain, UserRole role, boolean isKeypairAdmin) {

    /** Returns whether the caller may do everything. */
    public boolean isSuperadmin() {
        return role == UserRole.SUPERADMIN;
    }

    /** Returns whether the caller may administrate at least the own domain. */
    public boolean isAdmin() {
        return isKeypairAdmin || role == UserRole.SUPERADMIN || role == UserRole.ADMIN;
    }
}
