package io.slipway.manager.gateway;

import io.slipway.lib.http.HttpMethod;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.lib.http.WebSocketHandler;
import java.io.IOException;

/** What answers a route, and the records that describe its request and answer. */
sealed interface Endpoint {

    /** Marks a request or an answer that has no content. */
    record Nothing() {}

    /**
     * A request and its response.
     *
     * @param request the record that the parameters are read into
     * @param answer the record that the answer is written from
     * @param handler answers
     */
    record Plain(Class<?> request, Class<?> answer, Handler handler) implements Endpoint {}

    /**
     * A WebSocket.
     *
     * @param opening checks the request before the upgrade
     */
    record Socket(Opening opening) implements Endpoint {}

    /** Answers requests. */
    @FunctionalInterface
    interface Handler {
        Response handle(Call call) throws IOException;
    }

    /** Opens WebSockets. */
    @FunctionalInterface
    interface Opening {
        WebSocketHandler open(Call call) throws IOException;
    }

    static Route<AccessRule, Endpoint> route(
            HttpMethod method, String path, AccessRule access, Class<?> request, Class<?> answer, Handler handler) {
        return new Route<>(method, path, access, new Plain(request, answer, handler));
    }

    static Route<AccessRule, Endpoint> socket(String path, AccessRule access, Opening opening) {
        return new Route<>(HttpMethod.GET, path, access, new Socket(opening));
    }
}
