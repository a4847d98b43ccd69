package io.slipway.manager.api;

import org.osgi.annotation.versioning.ProviderType;

/** Publishes stored events to every {@link SessionEventListener}. Thread-safe. */
@ProviderType
public interface Outbox {

    /** Says that something was stored; publishing begins at once on the outbox's thread. Returns at once. */
    void wake();
}
