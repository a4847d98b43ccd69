package io.slipway.manager.identity;

import io.slipway.manager.store.KeypairRecord;
import io.slipway.model.identity.Principal;

/** Makes callers of keypairs. */
final class Principals {

    private Principals() {}

    static Principal of(KeypairRecord keypair) {
        var user = keypair.user();
        return new Principal(
                keypair.accessKey(), user.id(), user.email(), user.domain(), user.role(), keypair.isAdmin());
    }
}
