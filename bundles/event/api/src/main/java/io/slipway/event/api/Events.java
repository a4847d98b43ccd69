package io.slipway.event.api;

import io.slipway.model.event.Event;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The stable façade over the active event bus; subscriptions go on across a change of the bus without a gap and without an
 * event that comes twice. Thread-safe.
 */
@ProviderType
public interface Events {

    /**
     * Gives events to every listener of a topic and to one of each group. They are told by other threads; those of one key in
     * the order in which they were published. Blocks for two seconds at most, usually not at all.
     *
     * @param topic 1 to 128 characters
     * @param events in order; may be empty
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if the bus did not take them; some listeners may have them.
     *     Publish them again: who has heard an event drops it
     */
    void publish(String topic, List<Event> events);

    /**
     * Hears every event of a topic that is published from now on, in all processes that the bus joins. If there is no bus yet,
     * listening begins with {@link EventListener#missed} when it comes.
     */
    Subscription subscribe(String topic, EventListener listener);

    /**
     * Shares the events of a topic with the others of a group: each event is told to one of them.
     *
     * @param group 1 to 128 characters
     */
    Subscription join(String topic, String group, EventListener listener);

    /** A listener's place. Thread-safe. */
    interface Subscription extends AutoCloseable {

        /** Ends it; a listener may close its own. Nothing is told after it returns. */
        @Override
        void close();
    }
}
