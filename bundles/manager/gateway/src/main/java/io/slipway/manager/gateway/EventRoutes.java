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
import io.slipway.manager.store.TaskRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
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
                description =
                        "How often a stream looks anew whether its caller may still see what it tells, in seconds",
                min = "1")
        int checkEverySeconds() default 60;
    }

    private static final String ANY = "*";
    private static final Map<String, Scope> SCOPES =
            Map.of(ANY, Scope.ALL, "session", Scope.SESSION, "kernel", Scope.KERNEL);

    private final SessionEvents events;
    private final SessionService sessions;
    private final BackgroundTasks tasks;
    private final IdentityService identities;
    private final StreamPlaces places;
    private final Duration checkEvery;
    private final InstantSource clock;

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
                Duration.ofSeconds(config.checkEverySeconds()),
                InstantSource.system());
    }

    EventRoutes(
            SessionEvents events,
            SessionService sessions,
            BackgroundTasks tasks,
            IdentityService identities,
            StreamPlaces places,
            Duration checkEvery,
            InstantSource clock) {
        if (!checkEvery.isPositive()) {
            throw new IllegalArgumentException("checkEverySeconds must be above zero");
        }
        this.events = events;
        this.sessions = sessions;
        this.tasks = tasks;
        this.identities = identities;
        this.places = places;
        this.checkEvery = checkEvery;
        this.clock = clock;
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

        /** Returns whether a session is meant by a name; an id goes before it. */
        boolean isNamed() {
            return id.isEmpty() && !name.equals(ANY);
        }

        boolean isOfProject(SessionRecord session) {
            return project.equals(ANY) || project.equals(session.projectName());
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
        var request = call.read(SessionRequest::read);
        var view = new SessionView(request, call.caller(), sessions, identities, clock);
        var last = lastEvent(call.request());
        if (isHead(call)) {
            return Response.empty(200);
        }
        var place = places.take(call.caller().accessKey());
        return EventStream.response(stream -> {
            try (place) {
                var pulse = new StreamPulse(call, checkEvery, view::renew);
                new SessionStream(stream, events, view, request.scope(), pulse, isMarked(call.request())).run(last);
            }
        });
    }

    /** The usual client takes an id without an event for an event; it does not say that it wants a stream of events. */
    private static boolean isMarked(Request request) {
        return request.header("Accept").orElse("").contains("text/event-stream");
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
                new TaskStream(stream, tasks, new StreamPulse(call, checkEvery, caller -> mayStillSee(caller, task)))
                        .run(task);
            }
        });
    }

    private boolean mayStillSee(Principal caller, TaskRecord task) {
        return tasks.find(caller, task.id()).isPresent();
    }

    private static boolean isHead(Call call) {
        return call.request().method().equals("HEAD");
    }
}
