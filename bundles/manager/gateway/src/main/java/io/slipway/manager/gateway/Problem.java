package io.slipway.manager.gateway;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.slipway.lib.http.Header;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.ResponseBody;
import io.slipway.model.failure.SlipwayException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure as clients see it.
 *
 * @param status HTTP status
 * @param type what kind of failure, as URL
 * @param title the fixed text of that kind
 * @param msg detail for people, or null
 * @param data structured detail, or null
 * @param agentDetails what an agent said, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "msg", "data", "agent-details"})
record Problem(
        @JsonIgnore int status,
        String type,
        String title,
        @Nullable String msg,
        @Nullable Object data,
        @JsonProperty("agent-details") @Nullable Object agentDetails) {

    private static final String AGENT_DETAILS = "agent-details";
    private static final String OBJECT = "object";
    private static final Header CONTENT_TYPE = new Header("Content-Type", "application/problem+json");

    /** The kinds of failures; titles are part of the protocol, spelling mistake included. */
    enum Kind {
        URL_NOT_FOUND(404, "url-not-found", "Unknown URL path."),
        OBJECT_NOT_FOUND(404, "object-not-found", "No such object."),
        GENERIC_BAD_REQUEST(400, "generic-bad-request", "Bad request."),
        GENERIC_FORBIDDEN(403, "generic-forbidden", "Forbidden operation."),
        INSUFFICIENT_PRIVILEGE(403, "insufficient-privilege", "Insufficient privilege."),
        METHOD_NOT_ALLOWED(405, "method-not-allowed", "HTTP Method Not Allowed."),
        INTERNAL_SERVER_ERROR(500, "internal-server-error", "Internal server error."),
        SERVER_FROZEN(503, "server-frozen", "The server is frozen due to maintenance. Please try again later."),
        SERVICE_UNAVAILABLE(503, "service-unavailable", "Serivce unavailable."),
        NOT_IMPLEMENTED(400, "not-implemented", "This API is not implemented."),
        DEPRECATED(400, "deprecated", "This API is deprecated."),
        INVALID_AUTH_PARAMS(400, "invalid-auth-params", "Missing or invalid authorization parameters."),
        AUTH_FAILED(401, "auth-failed", "Credential/signature mismatch."),
        INVALID_API_PARAMS(400, "invalid-api-params", "Missing or invalid API parameters."),
        GRAPHQL_ERROR(400, "graphql-error", "GraphQL-generated error."),
        TOO_MANY_SESSIONS_MATCHED(404, "too-many-sessions-matched", "Too many sessions matched."),
        SESSION_ALREADY_EXISTS(
                400,
                "session-already-exists",
                "The session already exists but you requested not to reuse existing one."),
        QUOTA_EXCEEDED(412, "quota-exceeded", "You have reached your resource limit."),
        RATE_LIMIT_EXCEEDED(429, "rate-limit-exceeded", "You have reached your API query rate limit."),
        INSTANCE_NOT_AVAILABLE(503, "instance-not-available", "There is no available instance."),
        KERNEL_CREATION_FAILED(500, "kernel-creation-failed", "Kernel creation has failed."),
        KERNEL_RESTART_FAILED(500, "kernel-restart-failed", "Kernel restart has failed."),
        KERNEL_EXECUTION_FAILED(500, "kernel-execution-failed", "Executing user code in the kernel has failed.");

        private final int status;
        private final String type;
        private final String title;

        Kind(int status, String suffix, String title) {
            this.status = status;
            this.type = "https://api.backend.ai/probs/" + suffix;
            this.title = title;
        }

        Problem because(String msg) {
            return new Problem(status, type, title, msg, null, null);
        }

        Problem with(@Nullable String msg, Object data) {
            return new Problem(status, type, title, msg, data, null);
        }
    }

    /** Returns a failure of a service as clients see it. */
    static Problem of(SlipwayException failure) {
        var kind = kindOf(failure);
        var data = new LinkedHashMap<>(failure.data());
        var details = data.remove(AGENT_DETAILS);
        var object = kind == Kind.OBJECT_NOT_FOUND ? data.remove(OBJECT) : null;
        var title = object == null ? kind.title : "No such " + object + ".";
        return new Problem(
                kind.status, kind.type, title, failure.getMessage(), data.isEmpty() ? null : Map.copyOf(data), details);
    }

    /** Returns what a server refused before it was a request. */
    static Problem of(int status, String reason) {
        var kind = status == 503
                ? Kind.SERVICE_UNAVAILABLE
                : status >= 500 ? Kind.INTERNAL_SERVER_ERROR : Kind.GENERIC_BAD_REQUEST;
        return new Problem(status, kind.type, kind.title, reason, null, null);
    }

    Response response() {
        return new Response(status, List.of(CONTENT_TYPE), ResponseBody.of(Json.bytes(this)));
    }

    private static Kind kindOf(SlipwayException failure) {
        return switch (failure.code()) {
            case INVALID_PARAMETERS -> Kind.INVALID_API_PARAMS;
            case BAD_REQUEST -> Kind.GENERIC_BAD_REQUEST;
            case NOT_AUTHORIZED -> Kind.AUTH_FAILED;
            case FORBIDDEN -> Kind.GENERIC_FORBIDDEN;
            case INSUFFICIENT_PRIVILEGE -> Kind.INSUFFICIENT_PRIVILEGE;
            case NOT_FOUND -> Kind.OBJECT_NOT_FOUND;
            case TOO_MANY_SESSIONS -> Kind.TOO_MANY_SESSIONS_MATCHED;
            case SESSION_EXISTS -> Kind.SESSION_ALREADY_EXISTS;
            case NOT_IMPLEMENTED -> Kind.NOT_IMPLEMENTED;
            case QUOTA_EXCEEDED -> Kind.QUOTA_EXCEEDED;
            case RATE_LIMITED -> Kind.RATE_LIMIT_EXCEEDED;
            case NO_AGENT -> Kind.INSTANCE_NOT_AVAILABLE;
            case UNAVAILABLE -> Kind.SERVICE_UNAVAILABLE;
            case KERNEL_CREATION_FAILED -> Kind.KERNEL_CREATION_FAILED;
            case KERNEL_EXECUTION_FAILED -> Kind.KERNEL_EXECUTION_FAILED;
            case INTERNAL -> Kind.INTERNAL_SERVER_ERROR;
        };
    }
}
