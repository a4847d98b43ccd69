package io.slipway.event.spi;

import io.slipway.model.event.Event;
import org.osgi.annotation.versioning.ProviderType;

/** Hears events of a topic. A bus calls it by one thread at a time. */
@ProviderType
public interface EventReceiver {

    /** Takes an event; should be quick. What it throws is logged, and the next event is told all the same. */
    void received(Event event);

    /**
     * The subscription has ended without being closed, and events may be missing since the last one that was told. It is the
     * last call.
     *
     * @param reason in words, for the log
     */
    void cut(String reason);
}
