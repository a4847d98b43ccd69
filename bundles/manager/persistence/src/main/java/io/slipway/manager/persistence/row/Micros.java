package io.slipway.manager.persistence.row;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Moments as the database keeps them: microseconds since 1970 in UTC. */
public final class Micros {

    private static final long PER_SECOND = 1_000_000;

    private Micros() {}

    /** Returns a moment as a number; what is below a microsecond is cut off. */
    public static long of(Instant moment) {
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), PER_SECOND), moment.getNano() / 1_000);
    }

    /** Returns a number as a moment. */
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static @Nullable Long ofNullable(@Nullable Instant moment) {
        return moment == null ? null : of(moment);
    }

    static @Nullable Instant instantOrNull(@Nullable Long micros) {
        return micros == null ? null : instant(micros);
    }
}
