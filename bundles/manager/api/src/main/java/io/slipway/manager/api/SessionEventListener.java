package io.slipway.manager.api;

import io.slipway.manager.store.SessionEvent;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears what happened to sessions, after it was stored. Registered as a service; called in order per session, at least
 * once, on a thread of the event bus.
 */
@ConsumerType
public interface SessionEventListener {

    /** Takes an event; must be quick and must not block. */
    void happened(SessionEvent event);
}
