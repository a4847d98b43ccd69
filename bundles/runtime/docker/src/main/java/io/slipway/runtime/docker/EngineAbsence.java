package io.slipway.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the engine was away: an engine that stops, or comes back, ends the containers it had and says of them no more than
 * "signal 15". Known from a line to it that broke, and from the age of its socket. Thread-safe.
 */
final class EngineAbsence {

    /** An engine that stops waits so long for its containers before it lets go of lines. */
    private static final Duration STOPPING = Duration.ofSeconds(30);
    /** An engine that comes back needs so long until it has ended what it finds. */
    private static final Duration COMING_BACK = Duration.ofSeconds(60);

    private final DockerSettings settings;
    private final InstantSource clock;
    private volatile @Nullable Period last;

    EngineAbsence(DockerSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    private record Period(Instant from, Instant to) {

        boolean covers(Instant started, Instant finished) {
            return started.isBefore(from)
                    && finished.isAfter(from.minus(STOPPING))
                    && (to.equals(Instant.MAX) || finished.isBefore(to.plus(COMING_BACK)));
        }
    }

    /** A line to the engine broke. */
    void begins() {
        last = new Period(clock.instant(), Instant.MAX);
    }

    /** There is a line to the engine. */
    void isOver() {
        var known = last;
        if (known != null && known.to().equals(Instant.MAX)) {
            last = new Period(known.from(), clock.instant());
        }
    }

    /** Returns whether a container that ran from one time to another ended because the engine did. */
    boolean explains(Instant started, Instant finished) {
        var known = last;
        return (known != null && known.covers(started, finished))
                || isGone()
                || engineBegan()
                        .filter(began -> new Period(began, began).covers(started, finished))
                        .isPresent();
    }

    private boolean isGone() {
        return settings.isLocal() && !Files.exists(settings.socket());
    }

    /** An engine makes its socket anew when it starts. */
    private Optional<Instant> engineBegan() {
        try {
            return settings.isLocal()
                    ? Optional.of(Files.getLastModifiedTime(settings.socket()).toInstant())
                    : Optional.empty();
        } catch (IOException e) {
            // it went between two looks
            return Optional.of(clock.instant());
        }
    }
}
