package io.slipway.manager.gateway;

import io.slipway.lib.http.EventStream;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a stream of events goes on, and its sign of life while nothing happens. A stream has no end of its own: the usual
 * client signs its return with the date of its first call, which is refused after a quarter of an hour. Confined to one
 * thread.
 */
final class StreamPulse {

    /** How long a stream waits before it looks whether the server stops. */
    static final Duration SLICE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(StreamPulse.class);
    /** Well below the silence after which connections are closed, here and by proxies on the way. */
    private static final Duration BEAT = Duration.ofSeconds(15);

    private final Call call;
    private final Duration checkEvery;
    private final Predicate<Principal> permission;
    private long nextCheck;
    private long nextBeat = System.nanoTime();

    /**
     * Begins.
     *
     * @param checkEvery how often permission is looked at anew
     * @param permission whether the caller, as it is now, may still see what the stream tells
     */
    StreamPulse(Call call, Duration checkEvery, Predicate<Principal> permission) {
        this.call = call;
        this.checkEvery = checkEvery;
        this.permission = permission;
        this.nextCheck = System.nanoTime() + checkEvery.toNanos();
    }

    boolean goesOn() {
        if (call.request().isServerStopping()) {
            return false;
        }
        if (System.nanoTime() < nextCheck) {
            return true;
        }
        nextCheck = System.nanoTime() + checkEvery.toNanos();
        return isPermitted();
    }

    private boolean isPermitted() {
        try {
            return call.renewal().get().filter(permission).isPresent();
        } catch (SlipwayException e) {
            LOG.debug("A stream of events is looked at anew: {}", e.getMessage());
            return e.code() == FailureCode.UNAVAILABLE; // nothing is told meanwhile, as nothing can be read
        }
    }

    /** Sends a sign of life if it is time for one, the first at once; returns whether it did. */
    boolean beat(EventStream stream) throws IOException {
        if (System.nanoTime() < nextBeat) {
            return false;
        }
        stream.keepAlive();
        nextBeat = System.nanoTime() + BEAT.toNanos();
        return true;
    }
}
