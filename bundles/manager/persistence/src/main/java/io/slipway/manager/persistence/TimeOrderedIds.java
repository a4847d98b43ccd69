package io.slipway.manager.persistence;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Makes UUIDs of version 7: they grow with time, so that new rows stand together in indexes. Thread-safe. */
final class TimeOrderedIds {

    private static final int COUNTER_BITS = 12;
    private static final long VERSION = 7L << COUNTER_BITS;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

    private final InstantSource clock;
    private final RandomGenerator random;

    /** Milliseconds and, below them, a counter; a burst of more than 4,096 in a millisecond borrows from the next one. */
    private final AtomicLong last = new AtomicLong();

    TimeOrderedIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    UUID next() {
        var floor = clock.millis() << COUNTER_BITS;
        var tick = last.updateAndGet(before -> Math.max(before + 1, floor));
        var high = ((tick >>> COUNTER_BITS) << 16) | VERSION | (tick & ((1 << COUNTER_BITS) - 1));
        return new UUID(high, (random.nextLong() & RANDOM_MASK) | VARIANT);
    }
}
