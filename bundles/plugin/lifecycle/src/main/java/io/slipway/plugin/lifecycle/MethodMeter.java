package io.slipway.plugin.lifecycle;

import io.slipway.model.call.Idempotent;
import io.slipway.model.call.OpenEnded;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Measures one method of one provider over the present window and the one before it. Thread-safe. */
final class MethodMeter {

    private final String spi;
    private final String name;
    private final boolean isIdempotent;
    private final boolean isOpenEnded;
    private final List<Class<?>> declared;
    private final long windowNanos;
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private volatile Windows windows;

    private record Windows(CallWindow before, CallWindow present, long begin) {}

    MethodMeter(Method method, Duration window) {
        this.spi = method.getDeclaringClass().getSimpleName();
        this.name = spi + "." + method.getName();
        this.isIdempotent = method.isAnnotationPresent(Idempotent.class)
                || method.getDeclaringClass().isAnnotationPresent(Idempotent.class);
        this.isOpenEnded = method.isAnnotationPresent(OpenEnded.class);
        this.declared = List.of(method.getExceptionTypes());
        this.windowNanos = window.toNanos();
        this.windows = new Windows(new CallWindow(), new CallWindow(), System.nanoTime());
    }

    /** Simple name of the interface that declares it. */
    String spi() {
        return spi;
    }

    /** SPI and method, such as {@code KernelRuntime.create}. */
    String name() {
        return name;
    }

    boolean isIdempotent() {
        return isIdempotent;
    }

    boolean isOpenEnded() {
        return isOpenEnded;
    }

    /** Whether the SPI says that it may fail so. */
    boolean declares(Throwable failure) {
        return declared.stream().anyMatch(type -> type.isInstance(failure));
    }

    void begin() {
        begun.increment();
    }

    void end(long beginNanos, boolean isFailed) {
        ended.increment();
        var now = System.nanoTime();
        windows(now).present().add(now - beginNanos, isFailed);
    }

    long inFlight() {
        var over = ended.sum();
        return Math.max(0, begun.sum() - over);
    }

    /** Returns figures of at least the last window, or of all calls if there were none before it. */
    CallFigures figures() {
        var now = windows(System.nanoTime());
        return now.before().figures().plus(now.present().figures());
    }

    private Windows windows(long now) {
        var known = windows;
        return now - known.begin() < windowNanos ? known : turn(now);
    }

    private synchronized Windows turn(long now) { // no call leaves it; a few times a minute
        var known = windows;
        var age = now - known.begin();
        if (age >= windowNanos) {
            var isRecent = age < 2 * windowNanos;
            windows = new Windows(isRecent ? known.present() : new CallWindow(), new CallWindow(), now);
        }
        return windows;
    }
}
