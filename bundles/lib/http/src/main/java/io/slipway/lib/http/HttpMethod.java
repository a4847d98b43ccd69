package io.slipway.lib.http;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The methods that routes can be declared for. */
public enum HttpMethod {
    /** Read. */
    GET,
    /** Read the headers only; a GET route answers it if there is no route of its own. */
    HEAD,
    /** Create or act. */
    POST,
    /** Replace. */
    PUT,
    /** Change or act again. */
    PATCH,
    /** Delete. */
    DELETE,
    /** Ask what is possible. */
    OPTIONS;

    private static final Map<String, HttpMethod> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    /** Returns the method of this name, in upper case as on the request line; empty if there can be no route for it. */
    public static Optional<HttpMethod> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
