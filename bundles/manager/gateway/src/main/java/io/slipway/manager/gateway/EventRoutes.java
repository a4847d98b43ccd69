package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import io.slipway.lib.http.EventStream;
import io.slipway.lib.http.Request;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionEvents;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Streams of events. */
@Component(configurationPid = "io.slipway.manager.gateway.events", service = EventRoutes.class)
@Designate(ocd = EventRoutes.Config.class)
public final class EventRoutes {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager gateway: event streams")
    public @interface Config {
        @AttributeDefinition(description = "Event streams that may be open at once", min = "1")
        int maxStreams() default 2_000;

        @AttributeDefinition(description = "Event streams that one keypair may have open at once", min = "1")
        int maxStreamsPerKey() default 50;

        @AttributeDefinition(
                description = "A stream ends after this and its client comes back, so that what it may see is "
                        + "looked at anew; in seconds",
                min = "1")
        int longestStreamSeconds() default 3_600;
    }

    private static final String ANY = "*";
    private static final int UUID_LENGTH = 36;
    private static final Map<String, Scope> SCOPES =
            Map.of(ANY, Scope.ALL, "session", Scope.SESSION, "kernel", Scope.KERNEL);

    private final SessionEvents events;
    private final SessionService sessions;
    private final BackgroundTasks tasks;
    private final IdentityService identities;
    private final StreamPlaces places;
    private final Duration longest;

    /** Used by the component runtime. */
    @Activate
    public EventRoutes(
            Config config,
            @Reference SessionEvents events,
            @Reference SessionService sessions,
            @Reference BackgroundTasks tasks,
            @Reference IdentityService identities) {
        this(
                events,
                sessions,
                tasks,
                identities,
                new StreamPlaces("event streams", config.maxStreams(), config.maxStreamsPerKey()),
                Duration.ofSeconds(config.longestStreamSeconds()));
    }

    EventRoutes(
            SessionEvents events,
            SessionService sessions,
            BackgroundTasks tasks,
            IdentityService identities,
            StreamPlaces places,
            Duration longest) {
        if (!longest.isPositive()) {
            throw new IllegalArgumentException("longestStreamSeconds must be above zero");
        }
        this.events = events;
        this.sessions = sessions;
        this.tasks = tasks;
        this.identities = identities;
        this.places = places;
        this.longest = longest;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        var nothing = Endpoint.Nothing.class;
        return List.of(
                route(GET, "/events/session", USER, SessionRequest.class, nothing, this::session),
                route(GET, "/events/background-task", USER, TaskRequest.class, nothing, this::task));
    }

    /** Whose events. */
    enum Scope {
        ALL,
        SESSION,
        KERNEL
    }

    record SessionRequest(String name, Optional<SessionId> id, Optional<String> owner, String project, Scope scope) {

        static SessionRequest read(Parameters parameters) {
            return new SessionRequest(
                    parameters.optionalText("name", "sessionName").orElse(ANY),
                    uuid(parameters, "sessionId", "session_id").map(SessionId::new),
                    parameters.optionalText("ownerAccessKey", "owner_access_key"),
                    parameters.optionalText("group", "groupName").orElse(ANY),
                    parameters.choice(Scope.ALL, SCOPES, "scope"));
        }
    }

    record TaskRequest(UUID id) {}

    private static Optional<UUID> uuid(Parameters parameters, String name, String alias) {
        return parameters.optionalText(name, alias).flatMap(text -> {
            try {
                return Optional.of(UUID.fromString(text));
            } catch (IllegalArgumentException e) {
                parameters.reject(name, "must be a UUID");
                return Optional.empty();
            }
        });
    }

    private Response session(Call call) throws IOException {
        var request = resolved(call.caller(), call.read(SessionRequest::read));
        var permitted = permitted(call.caller(), request);
        var last = lastEvent(call.request());
        if (request.id().isPresent() && find(request.id().get(), permitted).isEmpty()) {
            throw SlipwayException.notFound("session", "Session " + request.id().get() + " not found");
        }
        if (isHead(call)) {
            return Response.empty(200);
        }
        var place = places.take(call.caller().accessKey());
        return EventStream.response(stream -> {
            try (place;
                    var subscription = events.subscribe(permitted, last)) {
                new SessionStream(stream, subscription, request.scope(), pulse(call.request()))
                        .run(() -> request.id().flatMap(id -> find(id, permitted)), last.isPresent());
            }
        });
    }

    /** As everywhere, a name that is an id of a session means that session. */
    private SessionRequest resolved(Principal caller, SessionRequest request) {
        if (request.id().isPresent() || request.name().length() != UUID_LENGTH) {
            return request;
        }
        try {
            var id = Optional.of(new SessionId(UUID.fromString(request.name())));
            var byId = new SessionRequest(ANY, id, request.owner(), request.project(), request.scope());
            return find(id.get(), permitted(caller, byId)).isPresent() ? byId : request;
        } catch (IllegalArgumentException e) {
            return request;
        }
    }

    private StreamPulse pulse(Request request) {
        return new StreamPulse(request, longest);
    }

    private Optional<SessionRecord> find(SessionId id, Predicate<SessionRecord> permitted) {
        return sessions.find(id).filter(permitted);
    }

    /** Superadmins see all sessions, administrators those of their domain, users their own. */
    private Predicate<SessionRecord> permitted(Principal caller, SessionRequest request) {
        Predicate<SessionRecord> selection = session -> caller.isSuperadmin()
                || (caller.domain().equals(session.domain())
                        && (caller.isAdmin() || caller.userId().equals(session.userId())));
        if (!request.project().equals(ANY)) {
            selection = selection.and(session -> request.project().equals(session.projectName()));
        }
        if (request.id().isPresent()) {
            var id = request.id().get();
            return selection.and(session -> session.id().equals(id));
        }
        var isNamed = !request.name().equals(ANY);
        if (isNamed || request.owner().isPresent()) {
            // a name means something only among the sessions of one owner
            var owner = identities.owner(caller, request.owner());
            selection = selection.and(session ->
                    session.owner().equals(owner) && (!isNamed || session.name().equals(request.name())));
        }
        return selection;
    }

    private static OptionalLong lastEvent(Request request) {
        var text = request.header("Last-Event-ID").orElse("");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw SlipwayException.invalid("Last-Event-ID", "must be an id of an event");
        }
    }

    private Response task(Call call) throws IOException {
        var request = call.read(parameters -> {
            var id = uuid(parameters, "task_id", "taskId");
            if (id.isEmpty()) {
                parameters.reject("task_id", "is required");
            }
            return new TaskRequest(id.orElse(new UUID(0, 0)));
        });
        var task = tasks.find(call.caller(), request.id())
                .orElseThrow(() ->
                        SlipwayException.notFound("background task", "Background task " + request.id() + " not found"));
        if (isHead(call)) {
            return Response.empty(200);
        }
        var place = places.take(call.caller().accessKey());
        return EventStream.response(stream -> {
            try (place) {
                new TaskStream(stream, tasks, pulse(call.request())).run(task);
            }
        });
    }

    private static boolean isHead(Call call) {
        return call.request().method().equals("HEAD");
    }
}
