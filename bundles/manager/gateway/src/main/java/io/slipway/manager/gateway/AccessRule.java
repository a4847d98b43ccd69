package io.slipway.manager.gateway;

import io.slipway.model.identity.Principal;

/** Who may call a route. */
enum AccessRule {
    /** Anybody; no signature is looked at. */
    PUBLIC {
        @Override
        boolean admits(Principal caller) {
            return true;
        }
    },
    /** Whoever signs with an active keypair. */
    USER {
        @Override
        boolean admits(Principal caller) {
            return true;
        }
    },
    /** Administrators of a domain and superadmins. */
    ADMIN {
        @Override
        boolean admits(Principal caller) {
            return caller.isAdmin();
        }
    },
    /** Superadmins. */
    SUPERADMIN {
        @Override
        boolean admits(Principal caller) {
            return caller.isSuperadmin();
        }
    };

    abstract boolean admits(Principal caller);
}
