package io.slipway.manager.api;

import io.slipway.model.identity.AccessKey;
import org.osgi.annotation.versioning.ProviderType;

/** Whoever changes a keypair or its user says so here, or {@link Credentials} goes on with what it knows for seconds. */
@ProviderType
public interface CredentialCache {

    /** Forgets what is known of a keypair; the next look reads the store. Thread-safe; does not block. */
    void forget(AccessKey accessKey);
}
