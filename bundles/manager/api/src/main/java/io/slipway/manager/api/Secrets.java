package io.slipway.manager.api;

import io.slipway.model.identity.AccessKey;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Encrypts secret halves of keypairs for the store and decrypts them, under a key of the installation that is no part of
 * the database. Thread-safe; does not block.
 */
@ProviderType
public interface Secrets {

    /**
     * Encrypts a secret, bound to its access key: sealed text that was moved to another keypair does not open.
     *
     * @param secret the plain secret; the caller clears it
     * @return text for {@link io.slipway.manager.store.KeypairRecord#sealedSecret()}; another one at each call
     */
    String seal(AccessKey accessKey, byte[] secret);

    /**
     * Decrypts what {@link #seal} made.
     *
     * @return the plain secret; do not keep, log or show it
     * @throws io.slipway.model.failure.SlipwayException INTERNAL if the text was changed, belongs to another access key, or
     *     was sealed under another key of the installation; the message says which
     */
    byte[] open(AccessKey accessKey, String sealedSecret);
}
