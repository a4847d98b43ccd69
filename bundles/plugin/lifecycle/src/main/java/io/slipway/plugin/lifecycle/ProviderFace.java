package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.SelfCheck;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callers see of a provider: each call is measured, waits while the provider changes hands and, on probation, is done
 * once more by the version before if it may be.
 */
final class ProviderFace implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderFace.class);

    /** So long an idempotent call that an exclusive provider fails waits for the verdict. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Enough to be judged by, were it the only call. */
    private static final int TRIES = 3;

    private static final long AGAIN_EVERY_NANOS = 20_000_000;

    private final VersionedProvider provider;
    private final Object service;
    private final CallMeter meter;
    private final @Nullable HandOverGate gate;
    private final Object shown;
    private volatile @Nullable Trial trial;

    /**
     * Somebody to help out while a version is on probation.
     *
     * @param before finds who served before, or what took its place; null if that version has nothing like it
     * @param probation who hears of it
     */
    record Trial(Supplier<@Nullable VersionedProvider> before, Probation probation) {}

    /** A call has failed that is to be tried again once the gate is left. */
    private static final class HeldException extends Exception {

        private static final long serialVersionUID = 1;
        private final transient Probation probation;
        private final Throwable failure;

        HeldException(Probation probation, Throwable failure) {
            super(null, failure, false, false);
            this.probation = probation;
            this.failure = failure;
        }
    }

    ProviderFace(VersionedProvider provider, Object service, CallMeter meter) {
        this.provider = provider;
        this.service = service;
        this.meter = meter;
        this.gate = service instanceof Promotable ? new HandOverGate() : null;
        this.shown = show();
    }

    private Object show() {
        var interfaces = interfaces(service.getClass());
        var loader = service.getClass().getClassLoader();
        var own = loader == null ? ProviderFace.class.getClassLoader() : loader;
        try {
            return interfaces.isEmpty() ? service : show(interfaces, FaceLoader.choose(interfaces, own));
        } catch (IllegalArgumentException e) { // a type that an interface names is not to be seen from there
            LOG.debug("The face of {} is defined with the plug-in: {}", provider, e.getMessage());
        }
        try {
            return show(interfaces, own);
        } catch (IllegalArgumentException e) {
            LOG.warn("Calls of {} cannot be measured: {}", provider, e.getMessage());
            return service;
        }
    }

    private Object show(Set<Class<?>> interfaces, ClassLoader loader) {
        return Proxy.newProxyInstance(loader, interfaces.toArray(Class<?>[]::new), this);
    }

    /** Returns the public interfaces that an object of a type can be called by, but for those that are the platform's. */
    static Set<Class<?>> interfaces(Class<?> type) {
        return interfaces(type, new LinkedHashSet<>());
    }

    private static Set<Class<?>> interfaces(@Nullable Class<?> type, Set<Class<?>> found) {
        for (var each = type; each != null; each = each.getSuperclass()) {
            for (var one : each.getInterfaces()) {
                if (Modifier.isPublic(one.getModifiers())
                        && !one.equals(Promotable.class)
                        && !one.equals(SelfCheck.class)) {
                    found.add(one);
                }
                interfaces(one, found);
            }
        }
        return found;
    }

    /** What callers get; always the same object. */
    Object shown() {
        return shown;
    }

    CallMeter meter() {
        return meter;
    }

    /** Where calls wait while it changes hands; null if it is not {@link Promotable}. */
    @Nullable
    HandOverGate gate() {
        return gate;
    }

    void tryOut(@Nullable Trial next) {
        trial = next;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass().equals(Object.class)) {
            return ofObject(proxy, method, arguments);
        }
        var measure = meter.of(method);
        var door = gate;
        if (door == null || door.isHeldByMe()) {
            return measured(measure, method, arguments, false);
        }
        var successor = door.enter();
        if (successor != null) {
            return successor.invoke(proxy, method, arguments);
        }
        if (measure.isOpenEnded()) {
            door.leave(); // a hand-over does not wait for what may never end
            return measured(measure, method, arguments, false);
        }
        HeldException held;
        try {
            return measured(measure, method, arguments, true);
        } catch (HeldException e) {
            held = e;
        } finally {
            door.leave();
        }
        var isServed = false;
        try {
            var result = again(held, door, measure, proxy, method, arguments);
            isServed = true;
            return result;
        } finally {
            if (!isServed) {
                held.probation.givenUp(measure);
            }
        }
    }

    /** Nobody stands beside an exclusive provider on probation: what fails is done by whoever serves a moment later. */
    private @Nullable Object again(
            HeldException held,
            HandOverGate door,
            MethodMeter measure,
            Object proxy,
            Method method,
            @Nullable Object @Nullable [] arguments)
            throws Throwable {
        var failure = held.failure;
        var begin = System.nanoTime();
        var tries = 0;
        while (System.nanoTime() - begin < PATIENCE.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(AGAIN_EVERY_NANOS);
            var successor = door.enter();
            if (successor != null) {
                return successor.invoke(proxy, method, arguments);
            }
            try {
                if (tries++ < TRIES) {
                    return tried(held.probation, measure, method, arguments);
                }
            } catch (InvocationTargetException e) {
                failure = cause(e);
                if (failure instanceof InterruptedException) {
                    throw failure;
                }
                held.probation.failedAgain(measure, failure);
            } finally {
                door.leave();
            }
        }
        throw failure;
    }

    private @Nullable Object tried(
            Probation probation, MethodMeter measure, Method method, @Nullable Object @Nullable [] arguments)
            throws InvocationTargetException, IllegalAccessException {
        var begin = System.nanoTime();
        var call = probation.begin(measure, begin);
        var isFailed = true;
        measure.begin();
        try {
            var result = method.invoke(service, arguments);
            isFailed = false;
            return result;
        } finally {
            measure.end(begin, isFailed);
            probation.end(call);
        }
    }

    private static Throwable cause(InvocationTargetException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    @SuppressWarnings("ReferenceEquality") // a proxy's equals is this very method
    private @Nullable Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> provider + " (" + service.getClass().getName() + ")"; // toString; the rest is never dispatched
        };
    }

    private @Nullable Object measured(
            MethodMeter methodMeter, Method method, @Nullable Object @Nullable [] arguments, boolean mayWait)
            throws Throwable {
        var onTrial = trial;
        var begin = System.nanoTime();
        methodMeter.begin();
        var call = onTrial == null ? null : onTrial.probation().begin(methodMeter, begin);
        var isFailed = true;
        try {
            var result = method.invoke(service, arguments);
            isFailed = false;
            return result;
        } catch (InvocationTargetException e) {
            var failure = cause(e);
            if (onTrial == null) {
                throw failure;
            }
            return rescue(onTrial, methodMeter, method, arguments, new Failure(failure, mayWait));
        } finally {
            methodMeter.end(begin, isFailed);
            if (call != null && onTrial != null) {
                onTrial.probation().end(call);
            }
        }
    }

    /**
     * A call has failed.
     *
     * @param mayWait whether it may be tried again later
     */
    private record Failure(Throwable cause, boolean mayWait) {}

    /** Lets the version before do what this one could not. What both cannot do is no fault of this one. */
    private static @Nullable Object rescue(
            Trial onTrial,
            MethodMeter methodMeter,
            Method method,
            @Nullable Object @Nullable [] arguments,
            Failure failure)
            throws Throwable {
        var isCancelled = failure.cause() instanceof InterruptedException
                || Thread.currentThread().isInterrupted();
        if (isCancelled) {
            throw failure.cause();
        }
        var before = methodMeter.isIdempotent() ? onTrial.before().get() : null;
        var isExclusive = before != null && before.service() instanceof Promotable; // it has given up what it owned
        if (isExclusive && failure.mayWait() && !(failure.cause() instanceof IllegalArgumentException)) {
            onTrial.probation().triedAgain(methodMeter, failure.cause());
            throw new HeldException(onTrial.probation(), failure.cause());
        }
        if (before == null
                || isExclusive
                || !method.getDeclaringClass().isInstance(before.service())
                || !before.uses().tryAcquire()) {
            onTrial.probation().failed(methodMeter, failure.cause());
            throw failure.cause();
        }
        try {
            var result = method.invoke(before.service(), arguments);
            onTrial.probation().retried(methodMeter, failure.cause());
            return result;
        } catch (InvocationTargetException e) {
            LOG.debug("{} fails on both versions", methodMeter.name(), e);
            throw failure.cause();
        } finally {
            before.uses().release();
        }
    }
}
