package io.slipway.manager.gateway;

import io.slipway.lib.http.Route;
import io.slipway.metrics.api.Figure;
import io.slipway.metrics.api.Figure.Kind;
import io.slipway.metrics.api.Figure.Sample;
import io.slipway.metrics.api.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Counts requests by route and status. Routes are the declared ones, with the names of their parameters, never what a
 * client sent: so there are few. Thread-safe and without locks.
 */
@Component(service = {RequestCounts.class, Figures.class})
public final class RequestCounts implements Figures {

    private static final double NANOS_PER_SECOND = 1e9;

    private final ConcurrentMap<Key, Tally> tallies = new ConcurrentHashMap<>();

    /** Used by the component runtime. */
    @Activate
    public RequestCounts() {}

    private record Key(String method, String route, int status) {

        Map<String, String> labels() {
            return Map.of("method", method, "route", route, "status", Integer.toString(status));
        }
    }

    private record Tally(LongAdder requests, LongAdder nanos) {}

    /**
     * Counts an answer.
     *
     * @param route what was called; null if there is no such route
     * @param nanos until the answer stood; a stream goes on after it
     */
    void count(@Nullable Route<AccessRule, Endpoint> route, int status, long nanos) {
        var key = route == null
                ? new Key("", "none", status)
                : new Key(route.method().name(), route.path(), status);
        var tally = tallies.computeIfAbsent(key, any -> new Tally(new LongAdder(), new LongAdder()));
        tally.requests().increment();
        tally.nanos().add(nanos);
    }

    @Override
    public List<Figure> figures() {
        var requests = new ArrayList<Sample>();
        var seconds = new ArrayList<Sample>();
        tallies.forEach((key, tally) -> {
            requests.add(new Sample(key.labels(), tally.requests().sum()));
            seconds.add(new Sample(key.labels(), tally.nanos().sum() / NANOS_PER_SECOND));
        });
        return List.of(
                new Figure("slipway_http_requests", Kind.COUNTER, "Requests by route and status", requests),
                new Figure(
                        "slipway_http_request_seconds",
                        Kind.COUNTER,
                        "Seconds until the answers of these requests stood",
                        seconds));
    }
}
