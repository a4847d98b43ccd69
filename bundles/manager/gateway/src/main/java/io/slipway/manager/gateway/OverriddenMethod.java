package io.slipway.manager.gateway;

import io.slipway.lib.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A request that names its method in a header, because something on its way lets only some methods through. The signature
 * is over the method that is meant.
 */
record OverriddenMethod(Request request, String method) implements Request {

    private static final String HEADER = "X-Method-Override";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    /** Returns the request with the method that is meant. */
    static Request of(Request request) {
        var meant = request.header(HEADER).map(text -> text.strip().toUpperCase(Locale.ROOT));
        return meant.isPresent() && METHODS.contains(meant.get()) && METHODS.contains(request.method())
                ? new OverriddenMethod(request, meant.get())
                : request;
    }

    @Override
    public String target() {
        return request.target();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public String rawQuery() {
        return request.rawQuery();
    }

    @Override
    public String host() {
        return request.host();
    }

    @Override
    public Optional<String> header(String name) {
        return request.header(name);
    }

    @Override
    public List<String> headers(String name) {
        return request.headers(name);
    }

    @Override
    public String peer() {
        return request.peer();
    }

    @Override
    public boolean wantsWebSocket() {
        return request.wantsWebSocket();
    }

    @Override
    public boolean isServerStopping() {
        return request.isServerStopping();
    }

    @Override
    public boolean hasBody() {
        return request.hasBody();
    }

    @Override
    public byte[] body() throws IOException {
        return request.body();
    }

    @Override
    public InputStream bodyStream() {
        return request.bodyStream();
    }
}
