package io.slipway.manager.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Events that were stored with the change they tell of and are still to be published. Thread-safe; calls block. */
@ProviderType
public interface OutboxStore {

    /**
     * Claims unpublished events, in order of id, skipping those of sessions that another publisher has claimed.
     *
     * @param publisher who claims
     * @param until when the claim ends by itself
     * @param limit at most so many, 1 to 1,000
     */
    List<SessionEvent> claim(String publisher, Instant now, Instant until, int limit);

    /** Marks events as published. */
    void published(Collection<Long> ids, Instant at);

    /**
     * Marks events as published and claims the next ones, in one transaction if the store can: a publisher that is busy
     * commits half as often.
     *
     * @param ids of events that this publisher claimed before; may be empty
     * @param publisher who claims
     * @param until when the claim ends by itself
     * @param limit at most so many, 1 to 1,000
     */
    default List<SessionEvent> publishedAndClaim(
            Collection<Long> ids, String publisher, Instant now, Instant until, int limit) {
        if (!ids.isEmpty()) {
            published(ids, now);
        }
        return claim(publisher, now, until, limit);
    }

    /**
     * Returns events that are still kept, published or not, in order of id.
     *
     * @param id only those with a larger id
     * @param limit at most so many, 1 to 1,000
     */
    default List<SessionEvent> keptAfter(long id, int limit) {
        return List.of();
    }

    /** Returns the id of the last event that is kept, published or not; 0 if none is. */
    default long last() {
        return 0;
    }

    /**
     * Returns whether ids grow in the order of the commits. Where they do not, as several transactions run at once, an event
     * may come to be kept after one with a larger id was published.
     */
    default boolean isInOrder() {
        return true;
    }

    /**
     * Lets somebody have events as soon as they are durable, without asking for them: all of them, in order of id, on the
     * thread that stored them and before its caller knows. They count as unpublished until they are marked. Only a store that
     * a single manager writes to can do this; then nobody else may claim. A failure at the moment of a commit may keep events
     * back, so the listener looks for unpublished ones now and then all the same.
     *
     * @param listener returns at once and throws nothing
     * @return what ends it; empty if this store cannot
     */
    default Optional<Runnable> onStored(Consumer<List<SessionEvent>> listener) {
        return Optional.empty();
    }

    /** Deletes events published before a moment; returns how many. */
    int purge(Instant publishedBefore);
}
