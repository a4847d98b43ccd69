package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.manager.gateway.AccessRule.PUBLIC;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.IdentityService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Who is the server, and who am I. */
@Component(service = AuthRoutes.class)
public final class AuthRoutes {

    private final IdentityService identities;

    /** Used by the component runtime. */
    @Activate
    public AuthRoutes(@Reference IdentityService identities) {
        this.identities = identities;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        return List.of(
                route(GET, "/", PUBLIC, Endpoint.Nothing.class, Versions.class, this::versions),
                route(GET, "/auth", USER, EchoRequest.class, EchoAnswer.class, this::echo),
                route(POST, "/auth", USER, EchoRequest.class, EchoAnswer.class, this::echo),
                route(GET, "/auth/test", USER, EchoRequest.class, EchoAnswer.class, this::echo),
                route(POST, "/auth/test", USER, EchoRequest.class, EchoAnswer.class, this::echo),
                route(GET, "/auth/role", USER, RoleRequest.class, RoleAnswer.class, this::role));
    }

    record Versions(String version, String manager) {}

    record EchoRequest(String echo) {}

    record EchoAnswer(String authorized, String echo) {}

    record RoleRequest(Optional<String> group) {}

    record RoleAnswer(
            @JsonProperty("global_role") String globalRole,
            @JsonProperty("domain_role") String domainRole,
            @JsonProperty("group_role") @Nullable String groupRole) {}

    private Response versions(Call call) {
        return Json.response(200, new Versions(ApiVersion.CURRENT, ApiVersion.MANAGER_RELEASE));
    }

    private Response echo(Call call) throws IOException {
        var request = call.read(parameters -> new EchoRequest(parameters.text("echo")));
        return Json.response(200, new EchoAnswer("yes", request.echo()));
    }

    private Response role(Call call) throws IOException {
        var request = call.read(parameters -> new RoleRequest(parameters.optionalText("group")));
        var caller = call.caller();
        // fails unless the caller belongs to it
        var group = request.group().map(id -> identities.project(caller, id));
        return Json.response(
                200,
                new RoleAnswer(
                        caller.isSuperadmin() ? "superadmin" : "user",
                        caller.isAdmin() ? "admin" : "user",
                        group.isPresent() ? "user" : null));
    }
}
