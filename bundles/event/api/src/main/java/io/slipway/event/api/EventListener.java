package io.slipway.event.api;

import io.slipway.model.event.Event;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears events. Called by one thread at a time, which may be another one each time. */
@ConsumerType
public interface EventListener {

    /** Takes an event; must be quick: who falls 10,000 events behind misses some. What it throws is logged. */
    void happened(Event event);

    /**
     * Events may be missing before the next one that is told: the listener was too slow, or the bus was away. It looks for
     * itself now at what the events are about; it may take its time for that.
     *
     * @param why in words, for the log
     */
    void missed(String why);
}
