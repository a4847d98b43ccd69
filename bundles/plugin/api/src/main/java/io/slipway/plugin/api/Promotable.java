package io.slipway.plugin.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An ability of a provider that owns what only one version may have at a time, such as a lock on a file, or that has state in
 * memory which must not get lost. It starts as a standby that owns nothing and serves nobody. While it changes hands, calls
 * to it wait. All methods are called by one thread at a time, with a limit of seconds, and never beside another call of
 * the provider that is not marked {@link io.slipway.model.call.OpenEnded}.
 */
@ConsumerType
public interface Promotable {

    /**
     * Becomes the one that serves: takes what it owns, and the state.
     *
     * @param state what the version before has handed over; empty at the start of the server, or if it had nothing
     * @throws PromotionException if it cannot serve; it owns nothing, then
     */
    void promote(Optional<HandedState> state) throws PromotionException;

    /**
     * Becomes a standby again: gives up what it owns. It may be promoted once more.
     *
     * @return what the next version needs to go on; empty if it finds all in the world
     * @throws PromotionException if it cannot give up; it serves on, then. Whatever else it throws leaves in doubt what it
     *     still owns: it is promoted once more, without state, or stopped and started again if it cannot be
     */
    Optional<HandedState> demote() throws PromotionException;

    /** Returns in words what {@link #demote} would hand over now, one line each. */
    List<String> stateToMove();
}
