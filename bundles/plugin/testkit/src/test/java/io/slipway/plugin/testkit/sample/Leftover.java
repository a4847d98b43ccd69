package io.slipway.plugin.testkit.sample;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** What bad samples leave behind, until the next test. */
public final class Leftover {

    /** Of system properties that samples set. */
    public static final String PREFIX = "slipway.sample.";

    /** A system property; a thread that was left ends when it changes. */
    public static final String TEST = PREFIX + "test";

    private Leftover() {}

    static void run() {
        var test = System.getProperty(TEST);
        while (Objects.equals(test, System.getProperty(TEST))) {
            LockSupport.parkNanos(10_000_000);
        }
    }
}
