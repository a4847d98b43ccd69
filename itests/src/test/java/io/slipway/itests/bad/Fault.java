package io.slipway.itests.bad;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong in a call: it fails, or hangs and hears nothing but the stop of its component. Thread-safe. */
final class Fault {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final boolean isHang;
    private volatile boolean isOver;

    /** Reads the property {@code fault}: {@code fails} or {@code hangs}. */
    Fault(Map<String, Object> properties) {
        isHang = "hangs".equals(properties.get("fault"));
    }

    void strike() {
        if (!isHang) {
            throw new IllegalStateException("a screw is loose");
        }
        var begin = System.nanoTime();
        while (!isOver && System.nanoTime() - begin < LONGEST_NANOS) {
            Thread.interrupted();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        throw new IllegalStateException("stopped in the middle of a call");
    }

    void end() {
        isOver = true;
    }
}
