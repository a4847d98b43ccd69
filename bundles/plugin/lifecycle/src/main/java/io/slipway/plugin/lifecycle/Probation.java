package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.CallCosts;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Judges a version by its calls, against what the version before did in the window before. Callers report to it; one thread
 * asks for the verdict. See docs/decisions/0014.
 */
final class Probation {

    /** Fewer faults than this are no rate. */
    private static final int FEWEST_FAULTS = 3;

    /** Standard errors by which a rate must be over the limit: chance alone does that to one version in 40. */
    private static final double CERTAINTY = 2;

    private static final int LONGEST_WORDS = 200;

    private final Function<String, ProbationLimits> limits;
    private final Map<String, CallFigures> before;
    private final Collection<CallMeter> meters;
    private final Map<String, Faults> faults = new ConcurrentHashMap<>();
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    /** One call on its way; compared by identity. */
    static final class Call {
        private final MethodMeter method;
        private final long begin;

        Call(MethodMeter method, long begin) {
            this.method = method;
            this.begin = begin;
        }
    }

    private static final class Faults {
        private final LongAdder failed = new LongAdder();
        private final LongAdder retried = new LongAdder();
        private final LongAdder again = new LongAdder(); // wait, or were done at another try
        private final LongAdder tries = new LongAdder(); // of these, that failed too and count
        private volatile String last = "";

        long all() {
            return failed.sum() + retried.sum() + again.sum() + tries.sum();
        }
    }

    /**
     * Begins one.
     *
     * @param limits by simple name of the SPI
     * @param before figures of the version before, by method
     * @param meters of the version on probation
     */
    Probation(Function<String, ProbationLimits> limits, Map<String, CallFigures> before, Collection<CallMeter> meters) {
        this.limits = limits;
        this.before = Map.copyOf(before);
        this.meters = List.copyOf(meters);
    }

    Call begin(MethodMeter method, long nanos) {
        var call = new Call(method, nanos);
        running.add(call);
        return call;
    }

    void end(Call call) {
        running.remove(call);
    }

    void failed(MethodMeter method, Throwable why) {
        var found = of(method);
        found.last = words(why);
        found.failed.increment();
    }

    void retried(MethodMeter method, Throwable why) {
        var found = of(method);
        found.last = words(why);
        found.retried.increment();
    }

    /** It is tried again, by whoever serves then: nobody stands beside a provider that owns something. */
    void triedAgain(MethodMeter method, Throwable why) {
        var found = of(method);
        found.last = words(why);
        found.again.increment();
    }

    /**
     * Another try of it has failed, which counts as another call: what cannot do anything is judged by its first call. But a
     * method that works and refuses in the words of its SPI may be right.
     */
    void failedAgain(MethodMeter method, Throwable why) {
        if (!method.declares(why) || method.figures().timed() == 0) {
            of(method).tries.increment();
        }
    }

    /** One that was tried again is given up. */
    void givenUp(MethodMeter method) {
        var found = of(method);
        found.again.decrement();
        found.failed.increment();
    }

    private Faults of(MethodMeter method) {
        return faults.computeIfAbsent(method.name(), any -> new Faults());
    }

    private static String words(Throwable why) {
        var words = String.valueOf(why).replaceAll("\\s+", " ");
        return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "...";
    }

    /** Returns why the version has to go; empty as long as nothing speaks against it. */
    Optional<String> verdict() {
        return hanging().or(this::failing).or(this::slow);
    }

    private Optional<String> hanging() {
        var now = System.nanoTime();
        return running.stream()
                .filter(call -> !call.method.isOpenEnded())
                .filter(call -> now - call.begin > hangLimit(call.method).toNanos())
                .findFirst()
                .map(call ->
                        call.method.name() + " has not returned after " + seconds(Duration.ofNanos(now - call.begin)));
    }

    /** A method that took long before may take as long again. */
    private Duration hangLimit(MethodMeter method) {
        var limit = limits.apply(method.spi());
        var longest = before.getOrDefault(method.name(), CallFigures.NONE).quantile(1);
        var allowed = Duration.ofNanos((long) (longest.toNanos() * limit.latencyFactor()));
        return allowed.compareTo(limit.hang()) > 0 ? allowed : limit.hang();
    }

    private Optional<String> failing() {
        var now = figures();
        for (var entry : faults.entrySet()) {
            var name = entry.getKey();
            var count = entry.getValue().all();
            var ended = now.getOrDefault(name, CallFigures.NONE).calls();
            var calls = Math.max(count, ended); // a fault is known before its call has ended
            var old = before.getOrDefault(name, CallFigures.NONE);
            if (isTooMany(count, calls, allowed(name, entry.getValue(), old))) {
                return Optional.of(name + ": " + count + " of " + calls + " calls failed, of the version before "
                        + old.failed() + " of " + old.calls() + "; last: " + entry.getValue().last);
            }
        }
        return failingAltogether(now);
    }

    /** What was retried is judged by the retry already: the version before could do it. */
    private double allowed(String name, Faults found, CallFigures old) {
        var limit = limits.apply(name.substring(0, name.indexOf('.'))).maxErrorRatio();
        var isJudged = found.failed.sum() + found.again.sum() == 0;
        return isJudged || old.calls() == 0 ? limit : limit + (double) old.failed() / old.calls();
    }

    private Optional<String> failingAltogether(Map<String, CallFigures> now) {
        var count = faults.values().stream().mapToLong(Faults::all).sum();
        var calls = Math.max(count, sum(now).calls());
        var old = sum(before);
        var limit = faults.keySet().stream()
                .mapToDouble(name ->
                        limits.apply(name.substring(0, name.indexOf('.'))).maxErrorRatio())
                .max()
                .orElse(1);
        var allowed = limit + (old.calls() == 0 ? 0 : (double) old.failed() / old.calls());
        return isTooMany(count, calls, allowed)
                ? Optional.of(count + " of " + calls + " calls failed, of the version before " + old.failed() + " of "
                        + old.calls() + ": " + String.join("; ", costs().named()))
                : Optional.empty();
    }

    private static CallFigures sum(Map<String, CallFigures> figures) {
        return figures.values().stream().reduce(CallFigures.NONE, CallFigures::plus);
    }

    /** By the lower end of Wilson's interval, which holds for few calls too. */
    private static boolean isTooMany(long count, long calls, double allowed) {
        if (count < FEWEST_FAULTS) {
            return false;
        }
        var ratio = (double) count / calls;
        var square = CERTAINTY * CERTAINTY;
        var middle = ratio + square / (2 * calls);
        var spread = CERTAINTY * Math.sqrt(ratio * (1 - ratio) / calls + square / (4.0 * calls * calls));
        return (middle - spread) / (1 + square / calls) > allowed;
    }

    private Optional<String> slow() {
        for (var meter : meters) {
            for (var method : meter.methods()) {
                var verdict = slow(method);
                if (verdict.isPresent()) {
                    return verdict;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> slow(MethodMeter method) {
        var limit = limits.apply(method.spi());
        var old = before.getOrDefault(method.name(), CallFigures.NONE);
        var now = method.figures();
        if (method.isOpenEnded() || old.timed() < limit.minCalls() || now.timed() < limit.minCalls()) {
            return Optional.empty();
        }
        var oldMedian = old.quantile(0.5);
        var median = now.quantile(0.5);
        var isSlow = median.toNanos() > oldMedian.toNanos() * limit.latencyFactor()
                && median.minus(oldMedian).compareTo(limit.latencyFloor()) > 0;
        return isSlow
                ? Optional.of(method.name() + " takes " + millis(median) + " (median of " + now.timed()
                        + " calls), the version before took " + millis(oldMedian))
                : Optional.empty();
    }

    private Map<String, CallFigures> figures() {
        var figures = new TreeMap<String, CallFigures>();
        meters.forEach(meter -> meter.figures().forEach((name, each) -> figures.merge(name, each, CallFigures::plus)));
        return figures;
    }

    /** Returns how many calls have been judged. */
    long calls() {
        return sum(figures()).calls();
    }

    CallCosts costs() {
        var named = new TreeMap<>(faults)
                .entrySet().stream()
                        .filter(entry -> entry.getValue().all() > 0)
                        .map(entry -> line(entry.getKey(), entry.getValue()))
                        .toList();
        return new CallCosts(
                faults.values().stream().mapToLong(each -> each.failed.sum()).sum(),
                faults.values().stream()
                        .mapToLong(each -> each.retried.sum() + each.again.sum())
                        .sum(),
                named);
    }

    private static String line(String name, Faults found) {
        var again = found.again.sum();
        return name + ": " + found.failed.sum() + " failed, " + found.retried.sum() + " served by the version before, "
                + (again == 0 ? "" : again + " done at another try, ") + "last: " + found.last;
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }
}
