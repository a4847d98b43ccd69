package io.slipway.plugin.lifecycle;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where calls of a provider wait while it changes hands. When it opens again, calls go to the provider or, by then, to the
 * one that has taken over: a lease that began on the old version goes on with the new one.
 */
final class HandOverGate {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long LOOK_EVERY_NANOS = 200_000;

    private final LeaseCounter calls = new LeaseCounter();
    private volatile @Nullable Thread holder;
    private volatile @Nullable ProviderFace successor;

    /** Returns whether this thread does the hand-over: it does not wait for itself. */
    boolean isHeldByMe() {
        return Thread.currentThread().equals(holder);
    }

    /**
     * Waits until it is open.
     *
     * @return who serves in the provider's place; null if it does: then the call is counted, end it with {@link #leave}
     */
    @Nullable
    ProviderFace enter() {
        var begin = System.nanoTime();
        while (true) {
            if (calls.tryAcquire()) {
                var other = successor;
                if (other != null) {
                    calls.release();
                }
                return other;
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new SlipwayException(
                        FailureCode.UNAVAILABLE, "the plug-in has been changing hands for more than " + PATIENCE);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    void leave() {
        calls.release();
    }

    /** Lets nobody in but this thread. */
    void close() {
        holder = Thread.currentThread();
        calls.retire();
    }

    long inside() {
        return calls.inFlight();
    }

    /** Lets everybody in, to the provider or to the one in its place. */
    void open(@Nullable ProviderFace inItsPlace) {
        successor = inItsPlace;
        holder = null;
        calls.reopen();
    }
}
