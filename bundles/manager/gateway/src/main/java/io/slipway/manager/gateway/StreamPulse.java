package io.slipway.manager.gateway;

import io.slipway.lib.http.EventStream;
import io.slipway.lib.http.Request;
import java.io.IOException;
import java.time.Duration;

/** Whether a stream of events goes on, and its sign of life while nothing happens. Confined to one thread. */
final class StreamPulse {

    /** How long a stream waits before it looks whether the server stops. */
    static final Duration SLICE = Duration.ofMillis(500);

    /** Well below the silence after which connections are closed, here and by proxies on the way. */
    private static final Duration BEAT = Duration.ofSeconds(15);

    private final Request request;
    private final long end;
    private long nextBeat = System.nanoTime();

    StreamPulse(Request request, Duration longest) {
        this.request = request;
        this.end = System.nanoTime() + longest.toNanos();
    }

    boolean goesOn() {
        return !request.isServerStopping() && System.nanoTime() < end;
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
