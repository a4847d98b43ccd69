package io.slipway.event.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.event.Event;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries events from whoever publishes to whoever has subscribed to their topic, in this process and, if the bus joins
 * several, in the others. Thread-safe.
 *
 * <p><b>Promise.</b> An event that was published after a subscription began is told to it at least once, unless the
 * subscription is cut, and it is told that. Events of one key are told in the order in which they were published, to one
 * subscription by one thread at a time. What nobody has subscribed to is dropped: a bus keeps nothing for later.
 *
 * <p><b>Slow subscriptions.</b> Up to {@link #MOST_WAITING} events wait for a subscription that is busy. Then a publisher waits
 * for it, within the limit that it gave; after that the subscription is cut, and nobody else suffers.
 */
@ConsumerType
public interface EventBus {

    /** So many events at most wait for one subscription; a bus holds at least a tenth of that. */
    int MOST_WAITING = 10_000;

    /** The longest limit that a publisher may give. */
    Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /**
     * Gives events to every subscription of a topic that {@link #subscribe} made and to one of each group that
     * {@link #join} made. When it returns the bus has them; they are told soon, by other threads. Publishing an event twice is
     * telling it twice, by the same id.
     *
     * @param topic 1 to 128 characters
     * @param events in order; may be empty
     * @param limit how long to wait for subscriptions without room; zero or more, at most {@link #LONGEST_WAIT}
     * @throws EventBusException if the bus did not take them, or the thread was interrupted, which it still is then; some
     *     subscriptions may have them, so publish again
     */
    @Idempotent
    void publish(String topic, List<Event> events, Duration limit) throws EventBusException;

    /**
     * Hears every event of a topic that is published from the moment this returns.
     *
     * @param receiver called by a thread of the bus
     * @throws EventBusException if the bus cannot be reached; nothing is told, then
     */
    Subscription subscribe(String topic, EventReceiver receiver) throws EventBusException;

    /**
     * Shares the events of a topic with the others of a group: each is told to one of them, those of one key to the same one
     * as long as nobody joins or leaves. What waits for a member that leaves or is cut goes to the others.
     *
     * @param group 1 to 128 characters; it is there as long as it has members
     * @param receiver called by a thread of the bus
     * @throws EventBusException if the bus cannot be reached; nothing is told, then
     */
    Subscription join(String topic, String group, EventReceiver receiver) throws EventBusException;

    /** One receiver's place. Thread-safe. */
    interface Subscription extends AutoCloseable {

        /**
         * Takes nothing that is published from now on, tells what was published before, and ends. Returns at once.
         *
         * @param whenEnded called once when it has ended, in whatever way, by any thread; must be quick
         */
        void finish(Runnable whenEnded);

        /**
         * Ends it; what waits is dropped. Waits some seconds at most for a call of the receiver that is under way, unless it is
         * that call that closes; nothing is told after that. A second call does nothing.
         */
        @Override
        void close();
    }
}
