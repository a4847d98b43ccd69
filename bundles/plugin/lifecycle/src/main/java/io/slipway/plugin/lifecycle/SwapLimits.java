package io.slipway.plugin.lifecycle;

import java.time.Duration;
import java.util.function.Function;

/**
 * How long the steps of a swap may take, and what a version on probation may do. A version that hangs in its start is given
 * up after {@code start} and {@code removal} together, one that hangs in its stop after {@code stop} and {@code removal}.
 *
 * @param start from the start of a version until its providers have checked themselves
 * @param stop until a version has stopped and its threads have ended
 * @param removal until a version that was turned away has stopped
 * @param drain until the last use of the old version ends
 * @param probation by simple name of the SPI
 */
record SwapLimits(
        Duration start, Duration stop, Duration removal, Duration drain, Function<String, ProbationLimits> probation) {

    /** What holds if nothing is set. */
    static final SwapLimits USUAL = new SwapLimits(
            Duration.ofMillis(3_500),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            spi -> ProbationLimits.USUAL);
}
