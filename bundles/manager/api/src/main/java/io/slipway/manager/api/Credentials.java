package io.slipway.manager.api;

import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Keypairs for the check of signatures; cached. Thread-safe; may block on a first look. */
@ProviderType
public interface Credentials {

    /** Returns an active keypair of an active user who has it as main key; empty otherwise. */
    Optional<Credential> find(AccessKey accessKey);

    /** A keypair that may sign. */
    interface Credential {

        /** Returns who signs with it. */
        Principal principal();

        /** Returns the secret half; do not keep, log or show it. */
        byte[] secret();

        /** Returns requests allowed per 15 minutes, 0 or less for no limit. */
        int rateLimit();

        /** Returns networks that the caller may come from, as CIDR; empty for any. */
        List<String> allowedClientIps();
    }
}
