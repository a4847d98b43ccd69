package io.slipway.lib.http.jetty;

import io.slipway.lib.http.ServerBusyException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much memory the bodies of all requests together may take. The beginning of each is free, so that large bodies which
 * are slow to come keep nobody from small ones. Thread-safe.
 */
final class BodyRoom {

    /** What each body may take without asking, in bytes. */
    static final int FREE = 65_536;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Semaphore bytes;
    private final Duration patience;

    /** Makes room for a few bodies of the largest size. */
    BodyRoom(int maxBodyBytes) {
        this(maxBodyBytes, PATIENCE);
    }

    BodyRoom(int maxBodyBytes, Duration patience) {
        this.bytes = new Semaphore((int) Math.min(8L * maxBodyBytes, Integer.MAX_VALUE));
        this.patience = patience;
    }

    /**
     * Takes room; to be given back.
     *
     * @throws ServerBusyException if there is none in time
     */
    void take(int count) throws InterruptedIOException {
        try {
            if (!bytes.tryAcquire(count, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ServerBusyException("Too many large requests at once; try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted");
            failure.initCause(e);
            throw failure;
        }
    }

    void give(int count) {
        bytes.release(count);
    }
}
