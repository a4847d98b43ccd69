package io.slipway.manager.gateway;

import io.slipway.lib.http.Request;
import io.slipway.lib.http.RouteMatch;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the gateway.
 *
 * @param request as it came
 * @param match its route
 * @param signer who signed it; null on public routes
 * @param renewal looks anew who that is now; gives nobody if it may not call any more
 */
record Call(
        Request request,
        RouteMatch.Found<AccessRule, Endpoint> match,
        @Nullable Principal signer,
        Supplier<Optional<Principal>> renewal) {

    /** A call that is over before anything could change about its caller. */
    Call(Request request, RouteMatch.Found<AccessRule, Endpoint> match, @Nullable Principal signer) {
        this(request, match, signer, () -> Optional.ofNullable(signer));
    }

    /** Returns who calls; only on routes that are not public. */
    Principal caller() {
        if (signer == null) {
            throw new SlipwayException(FailureCode.NOT_AUTHORIZED, "Unauthorized access");
        }
        return signer;
    }

    /** Returns a parameter of the path. */
    String path(String name) {
        return match.parameter(name);
    }

    /** Reads the parameters: the body if there is one and the method is neither GET nor HEAD, else the query. */
    <T> T read(Function<Parameters, T> reader) throws IOException {
        var isRead = request.method().equals("GET") || request.method().equals("HEAD");
        return Parameters.read(isRead ? Parameters.ofQuery(request) : Parameters.of(request), reader);
    }

    /** Reads the parameters: the body if there is one, whatever the method, else the query. */
    <T> T readAnyBody(Function<Parameters, T> reader) throws IOException {
        return Parameters.read(Parameters.of(request), reader);
    }
}
