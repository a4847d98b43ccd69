package io.slipway.manager.scheduler;

import io.slipway.config.api.SharedConfig;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this manager decides for a resource group: by a lease of the shared configuration. The token is checked by every
 * commit, so that a leader that slept through its lease does no harm. Used by one thread.
 */
final class Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(4);
    private static final long RENEW_AFTER = TIME_TO_LIVE.dividedBy(3).toNanos();

    private final SharedConfig config;
    private final String lease;
    private final String owner;
    private final LongSupplier ticker;
    private OptionalLong token = OptionalLong.empty();
    private long askedAt;
    private boolean isAsked;

    /**
     * Creates one.
     *
     * @param owner this manager
     * @param ticker monotonic time in nanoseconds
     */
    Leadership(SharedConfig config, String group, String owner, LongSupplier ticker) {
        this.config = config;
        this.lease = "manager/scheduler/" + group;
        this.owner = owner;
        this.ticker = ticker;
    }

    /** Returns the fencing token if this manager leads now; renews or asks when it is time to. */
    OptionalLong token() {
        var now = ticker.getAsLong();
        if (isAsked && now - askedAt < RENEW_AFTER) {
            return token;
        }
        try {
            var before = token;
            var granted = config.acquireLease(lease, owner, TIME_TO_LIVE);
            token = granted.isPresent() ? OptionalLong.of(granted.get()) : OptionalLong.empty();
            askedAt = now;
            isAsked = true;
            if (before.isPresent() != token.isPresent()) {
                LOG.info("{} {}", token.isPresent() ? "Leading" : "Not leading", lease);
            }
        } catch (SlipwayException e) {
            LOG.warn("Lease {} cannot be renewed now: {}", lease, e.getMessage());
            if (now - askedAt >= TIME_TO_LIVE.toNanos()) {
                token = OptionalLong.empty();
            }
        }
        return token;
    }

    /** Forgets the token, since a commit was refused for it; the lease is asked for anew. */
    void doubt() {
        token = OptionalLong.empty();
        isAsked = false;
    }

    /** Lets another manager lead at once. */
    void giveUp() {
        if (token.isPresent()) {
            try {
                config.releaseLease(lease, owner);
            } catch (SlipwayException e) {
                LOG.info("Lease {} not given back, it ends by itself: {}", lease, e.getMessage());
            }
            token = OptionalLong.empty();
        }
    }
}
