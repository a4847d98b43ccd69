package io.slipway.manager.gateway;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/** How many streams may be open, in all and per keypair: each keeps a connection and a thread. Thread-safe. */
final class StreamPlaces {

    private final String what;
    private final Semaphore all;
    private final int perKey;
    private final ConcurrentMap<AccessKey, Integer> taken = new ConcurrentHashMap<>();

    /**
     * Makes places that are all free.
     *
     * @param what the streams are, for people
     */
    StreamPlaces(String what, int all, int perKey) {
        if (all < 1 || perKey < 1) {
            throw new IllegalArgumentException(
                    "limits of " + what + ", " + all + " and " + perKey + " per key, must be above zero");
        }
        this.what = what;
        this.all = new Semaphore(all);
        this.perKey = perKey;
    }

    /** A place that is taken; to be given back once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes a place, or refuses. */
    Place take(AccessKey key) {
        if (!all.tryAcquire()) {
            throw new SlipwayException(FailureCode.UNAVAILABLE, "Too many " + what + " are open; try again later");
        }
        var isFree = new boolean[1];
        taken.compute(key, (id, count) -> {
            var present = count == null ? 0 : count;
            isFree[0] = present < perKey;
            return isFree[0] ? present + 1 : count;
        });
        if (!isFree[0]) {
            all.release();
            throw new SlipwayException(
                    FailureCode.RATE_LIMITED, "This keypair has " + perKey + " " + what + " open already");
        }
        return () -> {
            taken.computeIfPresent(key, (id, count) -> count == 1 ? null : count - 1);
            all.release();
        };
    }
}
