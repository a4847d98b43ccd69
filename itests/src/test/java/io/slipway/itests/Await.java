package io.slipway.itests;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks again until an answer fits, within a limit. */
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private Await() {}

    static <T> T until(Duration limit, Supplier<T> question, Predicate<T> fits) {
        var end = Instant.now().plus(limit);
        var answer = question.get();
        while (!fits.test(answer)) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("still " + answer + " after " + limit);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            answer = question.get();
        }
        return answer;
    }
}
