package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.lib.http.WebSocketHandler;
import io.slipway.manager.api.ExecutionService;
import io.slipway.manager.api.ExecutionService.Position;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionService;
import io.slipway.model.identity.AccessKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Running code in sessions. */
@Component(configurationPid = "io.slipway.manager.gateway.execution", service = ExecutionRoutes.class)
@Designate(ocd = ExecutionRoutes.Config.class)
public final class ExecutionRoutes {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager gateway: running code")
    public @interface Config {
        @AttributeDefinition(description = "WebSockets with a run of code that may be open at once", min = "1")
        int maxSockets() default 2_000;

        @AttributeDefinition(
                description = "WebSockets with a run of code that one keypair may have open at once",
                min = "1")
        int maxSocketsPerKey() default 50;
    }

    private static final Duration FLUSH_AFTER = Duration.ofSeconds(2);
    private static final String OWNER = "owner_access_key";
    private static final String SESSION = "session";

    private final ExecutionService execution;
    private final SessionService sessions;
    private final IdentityService identities;
    private final StreamPlaces places;

    /** Used by the component runtime. */
    @Activate
    public ExecutionRoutes(
            Config config,
            @Reference ExecutionService execution,
            @Reference SessionService sessions,
            @Reference IdentityService identities) {
        this(
                execution,
                sessions,
                identities,
                new StreamPlaces("WebSockets", config.maxSockets(), config.maxSocketsPerKey()));
    }

    ExecutionRoutes(
            ExecutionService execution, SessionService sessions, IdentityService identities, StreamPlaces places) {
        this.execution = execution;
        this.sessions = sessions;
        this.identities = identities;
        this.places = places;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        var nothing = Endpoint.Nothing.class;
        var execute = ExecutionAnswers.Executed.class;
        return List.of(
                route(POST, "/session/{session}", USER, ExecuteRequest.class, execute, this::execute),
                route(POST, "/session/{session}/interrupt", USER, nothing, nothing, this::interrupt),
                route(
                        POST,
                        "/session/{session}/complete",
                        USER,
                        Position.class,
                        ExecutionAnswers.Completed.class,
                        this::complete),
                Endpoint.socket("/stream/session/{session}/execute", USER, this::stream),
                route(GET, "/stream/session/{session}/apps", USER, nothing, List.class, this::apps));
    }

    private Response execute(Call call) throws IOException {
        var request = call.read(ExecuteRequest::read);
        var owner = identities.owner(call.caller(), request.owner());
        return switch (request.step()) {
            case ExecuteRequest.Step.Run run ->
                Json.response(
                        200,
                        ExecutionAnswers.executed(
                                execution.execute(owner, call.path(SESSION), run.run(), FLUSH_AFTER)));
            case ExecuteRequest.Step.Complete complete -> completed(call, owner, complete.position());
        };
    }

    private Response interrupt(Call call) throws IOException {
        var owner = call.read(parameters -> parameters.optionalText(OWNER));
        execution.interrupt(identities.owner(call.caller(), owner), call.path(SESSION));
        return Response.empty(204);
    }

    private Response complete(Call call) throws IOException {
        var request = call.read(
                parameters -> new CompleteRequest(ExecuteRequest.position(parameters), parameters.optionalText(OWNER)));
        return completed(call, identities.owner(call.caller(), request.owner()), request.position());
    }

    private record CompleteRequest(Position position, Optional<String> owner) {}

    private Response completed(Call call, AccessKey owner, Position position) {
        var completions = execution.complete(owner, call.path(SESSION), position);
        return Json.response(200, ExecutionAnswers.completed(completions));
    }

    private WebSocketHandler stream(Call call) throws IOException {
        var requested = call.read(parameters -> parameters.optionalText(OWNER));
        var owner = identities.owner(call.caller(), requested);
        // a session that is not there is a 404 before the upgrade
        var session = sessions.get(owner, call.path(SESSION), false);
        var key = call.caller().accessKey();
        return new ExecuteSocket(execution, owner, session.id().toString(), () -> places.take(key));
    }

    private Response apps(Call call) throws IOException {
        var requested = call.read(parameters -> parameters.optionalText(OWNER));
        var session = sessions.get(identities.owner(call.caller(), requested), call.path(SESSION), false);
        return Json.response(200, SessionAnswers.openPorts(session));
    }
}
