package io.slipway.manager.session;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes UUIDs of version 7: the time first, so that rows made one after the other lie one after the other in an index.
 * Grows strictly within one process. Thread-safe if its generator is.
 */
final class TimeOrderedIds {

    private static final int COUNTER_BITS = 12;
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_MASK = 0x3fff_ffff_ffff_ffffL;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicLong last = new AtomicLong();

    TimeOrderedIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    UUID next() {
        // 48 bits of milliseconds and a counter of 12 bits in one number that only grows
        var tick = last.updateAndGet(before -> Math.max(before + 1, clock.millis() << COUNTER_BITS));
        var high = (tick >>> COUNTER_BITS << 16) | VERSION | (tick & 0xfff);
        return new UUID(high, VARIANT | (random.nextLong() & RANDOM_MASK));
    }
}
