package io.slipway.manager.api;

import org.osgi.annotation.versioning.ProviderType;

/** Turns passwords into what may be stored, and checks them. Slow by intent. Thread-safe; takes processor time only. */
@ProviderType
public interface PasswordHashing {

    /**
     * Hashes a password with a new salt.
     *
     * @param password 1 to 1,024 characters; the caller clears it
     * @return text for {@link io.slipway.manager.store.UserRecord#passwordHash()}
     * @throws IllegalArgumentException if the password is empty or longer
     */
    String hash(char[] password);

    /**
     * Returns whether a password is the one of a hash; takes the same time whether or not, also for a hash that cannot be
     * read or is empty (no password set), which no password matches.
     */
    boolean matches(char[] password, String hash);
}
