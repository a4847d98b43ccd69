package io.slipway.manager.gateway;

import io.slipway.lib.http.Answer;
import io.slipway.lib.http.BodyTooLargeException;
import io.slipway.lib.http.Header;
import io.slipway.lib.http.HttpMethod;
import io.slipway.lib.http.Request;
import io.slipway.lib.http.RequestHandler;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.lib.http.RouteMatch;
import io.slipway.lib.http.RouteTable;
import io.slipway.lib.http.ServerBusyException;
import io.slipway.lib.http.WebSocketSettings;
import io.slipway.lib.http.WebSocketUpgrade;
import io.slipway.manager.api.Credentials.Credential;
import io.slipway.model.failure.FailureKind;
import io.slipway.model.failure.SlipwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each request through the same steps: route, version, signature, rate limit, access rule, handler; and turns every
 * failure into a problem. Thread-safe.
 */
final class Dispatcher implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final Header SERVER = new Header("Server", "BackendAI");

    private final RouteTable<AccessRule, Endpoint> routes;
    private final SignatureCheck signatures;
    private final RateLimiter limiter;
    private final RequestCounts counts;

    Dispatcher(
            RouteTable<AccessRule, Endpoint> routes,
            SignatureCheck signatures,
            RateLimiter limiter,
            RequestCounts counts) {
        this.routes = routes;
        this.signatures = signatures;
        this.limiter = limiter;
        this.counts = counts;
    }

    @Override
    public Answer handle(Request received) throws IOException {
        var began = System.nanoTime();
        var request = OverriddenMethod.of(received);
        var standing = new Standing();
        var answer = answer(request, standing);
        counts.count(standing.route, status(answer), System.nanoTime() - began);
        var headers = new ArrayList<Header>(8);
        headers.add(SERVER);
        headers.addAll(standing.headers);
        headers.addAll(Cors.headers(request));
        return switch (answer) {
            case Response response -> response.with(headers);
            case WebSocketUpgrade upgrade -> new WebSocketUpgrade(headers, upgrade.settings(), upgrade.handler());
        };
    }

    private static int status(Answer answer) {
        return switch (answer) {
            case Response response -> response.status();
            case WebSocketUpgrade upgrade -> SWITCHING_PROTOCOLS;
        };
    }

    @Override
    public Response refuse(int status, String reason) {
        return Problem.of(status, reason).response().with(List.of(SERVER)).with(RateLimiter.ANONYMOUS);
    }

    @SuppressWarnings(
            "IllegalCatch") // request boundary: whatever a handler throws must become an answer that tells little
    private Answer answer(Request request, Standing standing) throws IOException {
        try {
            return switch (routes.find(request.method(), request.path())) {
                case RouteMatch.Found<AccessRule, Endpoint> found -> admit(request, found, standing);
                case RouteMatch.NoSuchPath<AccessRule, Endpoint> none ->
                    Problem.Kind.URL_NOT_FOUND.with(null, request.path()).response();
                case RouteMatch.WrongMethod<AccessRule, Endpoint> wrong -> wrongMethod(request, wrong);
            };
        } catch (Refusal e) {
            return e.problem().response();
        } catch (SlipwayException e) {
            if (e.code().kind() == FailureKind.INTERNAL) {
                LOG.warn("{} {} failed", request.method(), request.path(), e);
            }
            return Problem.of(e).response();
        } catch (BodyTooLargeException e) {
            return Problem.of(413, String.valueOf(e.getMessage())).response();
        } catch (ServerBusyException e) {
            return Problem.of(503, String.valueOf(e.getMessage())).response();
        } catch (RuntimeException e) {
            var incident = UUID.randomUUID();
            LOG.error("{} {} failed, incident={}", request.method(), request.path(), incident, e);
            return Problem.Kind.INTERNAL_SERVER_ERROR
                    .because("Unexpected failure; the server's log has it under " + incident)
                    .response();
        }
    }

    private Answer admit(Request request, RouteMatch.Found<AccessRule, Endpoint> found, Standing standing)
            throws IOException {
        standing.route = found.route();
        var version = ApiVersion.of(request);
        var access = found.route().access();
        if (access == AccessRule.PUBLIC) {
            return call(new Call(request, found, null));
        }
        var signer = signatures.signer(request, version);
        standing.count(signer);
        var caller = signer.principal();
        if (!access.admits(caller)) {
            throw new Refusal(Problem.Kind.AUTH_FAILED.because("Only for " + audience(access)));
        }
        return call(new Call(
                request,
                found,
                caller,
                () -> signatures.again(request, caller.accessKey()).filter(access::admits)));
    }

    private static Answer call(Call call) throws IOException {
        return switch (call.match().route().target()) {
            case Endpoint.Plain plain -> plain.handler().handle(call);
            case Endpoint.Socket socket -> {
                if (!call.request().wantsWebSocket()) {
                    throw new Refusal(Problem.Kind.GENERIC_BAD_REQUEST.because("Only for WebSockets"));
                }
                yield new WebSocketUpgrade(
                        List.of(), WebSocketSettings.USUAL, socket.opening().open(call));
            }
        };
    }

    private static Response wrongMethod(Request request, RouteMatch.WrongMethod<AccessRule, Endpoint> wrong) {
        var allowed = wrong.allowed().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        var allow = List.of(new Header("Allow", allowed + ", OPTIONS"));
        if (request.method().equals(HttpMethod.OPTIONS.name())) {
            return Response.empty(200).with(allow);
        }
        return Problem.Kind.METHOD_NOT_ALLOWED
                .because("Only " + allowed)
                .response()
                .with(allow);
    }

    private static String audience(AccessRule access) {
        return switch (access) {
            case PUBLIC, USER -> "users";
            case ADMIN -> "administrators";
            case SUPERADMIN -> "superadmins";
        };
    }

    /** Where the caller stands with its rate limit; confined to one request. */
    private final class Standing {

        private List<Header> headers = RateLimiter.ANONYMOUS;
        private @Nullable Route<AccessRule, Endpoint> route; // null if there is no such route

        void count(Credential signer) {
            var remaining = limiter.take(signer.principal().accessKey().value(), signer.rateLimit());
            headers = RateLimiter.headers(signer.rateLimit(), remaining);
            if (remaining < 0) {
                throw new Refusal(Problem.Kind.RATE_LIMIT_EXCEEDED.because("At most " + signer.rateLimit()
                        + " requests in " + RateLimiter.WINDOW.toMinutes() + " minutes"));
            }
        }
    }
}
