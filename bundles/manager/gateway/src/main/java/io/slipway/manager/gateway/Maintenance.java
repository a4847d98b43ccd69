package io.slipway.manager.gateway;

import io.slipway.config.api.SharedConfig;
import io.slipway.lib.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the manager is frozen: what runs goes on, nothing new is begun. Kept in the shared configuration, so that it holds
 * for every manager and over restarts. Thread-safe.
 */
final class Maintenance {

    /** Key in the shared configuration; absent while the manager is not frozen. */
    static final String KEY = "manager/status";

    private static final String FROZEN = "frozen";
    /** What a frozen manager refuses, as the protocol has it. */
    private static final Set<String> REFUSED = Set.of(
            "POST /session",
            "POST /session/_/create",
            "POST /session/_/create-from-template",
            "POST /session/{session}/rename",
            "POST /session/{session}/commit",
            "POST /session/{session}/imagify");

    private final SharedConfig config;

    Maintenance(SharedConfig config) {
        this.config = config;
    }

    boolean isFrozen() {
        return config.get(KEY).filter(FROZEN::equals).isPresent();
    }

    void freeze(boolean isFrozen) {
        if (isFrozen) {
            config.put(Map.of(KEY, FROZEN));
        } else {
            config.delete(KEY, false);
        }
    }

    /** Returns the same routes; those that begin something new refuse while the manager is frozen. */
    List<Route<AccessRule, Endpoint>> guard(List<Route<AccessRule, Endpoint>> routes) {
        return routes.stream()
                .map(route -> REFUSED.contains(route.method() + " " + route.path()) ? guarded(route) : route)
                .toList();
    }

    private Route<AccessRule, Endpoint> guarded(Route<AccessRule, Endpoint> route) {
        return switch (route.target()) {
            case Endpoint.Socket socket -> route;
            case Endpoint.Plain plain -> {
                Endpoint.Handler handler = call -> {
                    if (isFrozen()) {
                        throw new Refusal(Problem.Kind.SERVER_FROZEN.because("Only what runs already goes on"));
                    }
                    return plain.handler().handle(call);
                };
                yield new Route<>(
                        route.method(),
                        route.path(),
                        route.access(),
                        new Endpoint.Plain(plain.request(), plain.answer(), handler));
            }
        };
    }
}
