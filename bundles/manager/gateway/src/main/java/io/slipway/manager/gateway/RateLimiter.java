package io.slipway.manager.gateway;

import io.slipway.lib.http.Header;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts the requests of each access key over a rolling window, in slices of ten seconds. Only keys that exist are counted,
 * and at most a fixed number of them at once. Thread-safe.
 */
final class RateLimiter {

    /** The window. */
    static final Duration WINDOW = Duration.ofMinutes(15);

    private static final int SLICE_MILLIS = 10_000;
    private static final int SLICES = (int) (WINDOW.toMillis() / SLICE_MILLIS);
    private static final int MAX_KEYS = 50_000;
    private static final int ANONYMOUS_LIMIT = 1_000;
    private static final Header WINDOW_HEADER = new Header("X-RateLimit-Window", Long.toString(WINDOW.toSeconds()));

    /** What anonymous requests are told; nobody counts them. */
    static final List<Header> ANONYMOUS = headers(ANONYMOUS_LIMIT, ANONYMOUS_LIMIT);

    private final InstantSource clock;
    private final ConcurrentMap<String, Slices> windows = new ConcurrentHashMap<>();

    RateLimiter(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Counts a request, unless it is over the limit.
     *
     * @param limit requests per window, 0 or less for no limit
     * @return how many further requests the window has room for; below zero if this one is refused
     */
    int take(String accessKey, int limit) {
        if (limit <= 0) {
            return Integer.MAX_VALUE;
        }
        var slice = clock.millis() / SLICE_MILLIS;
        var window = windows.get(accessKey);
        if (window == null) {
            if (windows.size() >= MAX_KEYS) {
                forgetQuietKeys(slice);
            }
            window = windows.computeIfAbsent(accessKey, key -> new Slices());
        }
        return window.take(slice, limit);
    }

    /** Returns the headers that tell a caller where it stands. */
    static List<Header> headers(int limit, int remaining) {
        return List.of(
                new Header("X-RateLimit-Limit", Integer.toString(limit <= 0 ? Integer.MAX_VALUE : limit)),
                new Header("X-RateLimit-Remaining", Integer.toString(Math.max(0, remaining))),
                WINDOW_HEADER);
    }

    /** Returns how many keys are counted now. */
    int size() {
        return windows.size();
    }

    private void forgetQuietKeys(long slice) {
        windows.values().removeIf(window -> window.isQuietSince(slice - SLICES));
        if (windows.size() >= MAX_KEYS) {
            // still full of busy keys: better to forget a count than to grow without end
            windows.keySet().stream().limit(MAX_KEYS / 10).toList().forEach(windows::remove);
        }
    }

    /** The counts of one key. */
    private static final class Slices {

        // all guarded by this
        private final int[] counts = new int[SLICES];
        private long newest;
        private int total;

        synchronized int take(long slice, int limit) {
            advance(slice);
            if (total >= limit) {
                return -1;
            }
            counts[(int) (newest % SLICES)]++;
            total++;
            return limit - total;
        }

        synchronized boolean isQuietSince(long slice) {
            return newest <= slice;
        }

        private void advance(long slice) {
            if (slice - newest >= SLICES) {
                java.util.Arrays.fill(counts, 0);
                total = 0;
                newest = slice;
            }
            while (newest < slice) {
                newest++;
                var index = (int) (newest % SLICES);
                total -= counts[index];
                counts[index] = 0;
            }
        }
    }
}
