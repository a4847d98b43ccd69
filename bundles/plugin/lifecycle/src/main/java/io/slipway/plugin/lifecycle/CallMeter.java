package io.slipway.plugin.lifecycle;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the calls of one provider, by method. Thread-safe. */
final class CallMeter {

    private final Duration window;
    private final Map<Method, MethodMeter> methods = new ConcurrentHashMap<>();

    CallMeter(Duration window) {
        this.window = window;
    }

    MethodMeter of(Method method) {
        var meter = methods.get(method);
        return meter == null ? methods.computeIfAbsent(method, each -> new MethodMeter(each, window)) : meter;
    }

    Collection<MethodMeter> methods() {
        return methods.values();
    }

    /** Returns the figures by name of the method, those of overloads together. */
    Map<String, CallFigures> figures() {
        var figures = new TreeMap<String, CallFigures>();
        methods.values().forEach(meter -> figures.merge(meter.name(), meter.figures(), CallFigures::plus));
        return figures;
    }
}
