package io.slipway.manager.api;

import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/** What happens to sessions, for those who look on. Thread-safe. */
@ProviderType
public interface SessionEvents {

    /**
     * Begins to listen. Events of one session come in order; after a break an event may come twice, but none is lost that is
     * younger than the outbox's retention.
     *
     * @param selection which sessions; must be quick and not block
     * @param after {@link Subscription#position} before a break; empty to hear only what is new
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if the store is away
     */
    Subscription subscribe(Predicate<SessionRecord> selection, OptionalLong after);

    /** One listener. For one thread; must be closed. */
    interface Subscription extends AutoCloseable {

        /**
         * Waits for the next event; empty if none came within the limit or the subscription is cut. Blocks.
         *
         * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if what happened during a break cannot be read
         */
        Optional<News> next(Duration limit);

        /** Returns whether what happened before it began is still being read. */
        boolean isCatchingUp();

        /**
         * Returns after which event to subscribe again: the last one that was taken, or the last one that was stored when
         * this began.
         */
        long position();

        /**
         * Returns whether it was ended because its listener did not keep up. What it had not taken is dropped; it may
         * subscribe again after its {@link #position}.
         */
        boolean isCut();

        /** Stops listening; may be called again. */
        @Override
        void close();
    }

    /**
     * An event with its session.
     *
     * @param event what happened
     * @param session the session as it was soon after, maybe further already
     */
    record News(SessionEvent event, SessionRecord session) {}
}
