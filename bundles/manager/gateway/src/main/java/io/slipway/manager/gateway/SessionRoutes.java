package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.DELETE;
import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.lib.http.HttpMethod.PATCH;
import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import io.slipway.agent.api.KernelUse;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.CreatedSession;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.KernelMetrics;
import io.slipway.manager.api.SessionCallbacks;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The life of sessions. */
@Component(configurationPid = "io.slipway.manager.gateway.sessions", service = SessionRoutes.class)
@Designate(ocd = SessionRoutes.Config.class)
public final class SessionRoutes {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager gateway: sessions")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "How long a creation waits at most for its session to run, in seconds; also when the client "
                                + "asks for no limit, because a server does not learn that a waiting client is gone",
                min = "1")
        int longestWaitSeconds() default 3_600;

        @AttributeDefinition(
                description = "How long a destruction waits for the session's end before it answers, in milliseconds",
                min = "0")
        long destroyWaitMillis() default 2_000;
    }

    private static final Duration WAIT_SLICE = Duration.ofSeconds(2);
    private static final String OWNER = "owner_access_key";
    private static final String SESSION = "session";
    private static final int METRICS = 2;
    private static final Map<String, Object> CANCELLED = Map.of("status", "cancelled");

    private final SessionTexts texts = new SessionTexts();
    private final SessionService sessions;
    private final IdentityService identities;
    private final SessionCallbacks callbacks;
    private final AgentDirectory agents;
    private final InstantSource clock;
    private final Duration longestWait;
    private final Duration destroyWait;

    /** Used by the component runtime. */
    @Activate
    public SessionRoutes(
            Config config,
            @Reference SessionService sessions,
            @Reference IdentityService identities,
            @Reference SessionCallbacks callbacks,
            @Reference AgentDirectory agents) {
        this(
                sessions,
                identities,
                callbacks,
                agents,
                InstantSource.system(),
                Duration.ofSeconds(config.longestWaitSeconds()),
                Duration.ofMillis(config.destroyWaitMillis()));
    }

    SessionRoutes(
            SessionService sessions,
            IdentityService identities,
            SessionCallbacks callbacks,
            AgentDirectory agents,
            InstantSource clock,
            Duration longestWait,
            Duration destroyWait) {
        if (!longestWait.isPositive() || destroyWait.isNegative()) {
            throw new IllegalArgumentException("longestWaitSeconds " + longestWait.toSeconds()
                    + " must be above zero, destroyWaitMillis " + destroyWait.toMillis() + " not below");
        }
        this.sessions = sessions;
        this.identities = identities;
        this.callbacks = callbacks;
        this.agents = agents;
        this.clock = clock;
        this.longestWait = longestWait;
        this.destroyWait = destroyWait;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        var nothing = Endpoint.Nothing.class;
        return List.of(
                route(POST, "/session", USER, CreateRequest.class, SessionAnswers.Created.class, this::create),
                route(POST, "/session/_/create", USER, CreateRequest.class, SessionAnswers.Created.class, this::create),
                route(GET, "/session/_/match", USER, MatchRequest.class, MatchAnswer.class, this::match),
                route(
                        GET,
                        "/session/{session}",
                        USER,
                        OwnerRequest.class,
                        SessionAnswers.SessionInfo.class,
                        this::info),
                route(PATCH, "/session/{session}", USER, OwnerRequest.class, nothing, this::restart),
                route(DELETE, "/session/{session}", USER, DestroyRequest.class, DestroyAnswer.class, this::destroy),
                route(
                        GET,
                        "/session/{session}/dependency-graph",
                        USER,
                        OwnerRequest.class,
                        DependencyGraph.Node.class,
                        this::dependencyGraph),
                route(GET, "/session/{session}/logs", USER, LogsRequest.class, LogsAnswer.class, this::logs),
                route(POST, "/session/{session}/rename", USER, RenameRequest.class, nothing, this::rename));
    }

    record OwnerRequest(Optional<String> owner) {}

    record MatchRequest(String id) {}

    record MatchAnswer(List<SessionAnswers.Match> matches) {}

    record DestroyRequest(boolean forced, boolean recursive, Optional<String> owner) {}

    record DestroyAnswer(Map<String, Object> stats) {}

    record LogsRequest(Optional<String> owner, Optional<String> kernelId) {}

    record LogsAnswer(Logs result) {}

    record Logs(String logs) {}

    record RenameRequest(String name, Optional<String> owner) {}

    private Response create(Call call) throws IOException {
        var request = call.read(CreateRequest::read);
        var owner = identities.owner(call.caller(), request.owner());
        var callback = request.session().callbackUrl();
        if (callback != null) {
            callbacks.expect(callback);
        }
        var creation = sessions.create(call.caller(), owner, request.session());
        if (request.enqueueOnly() || !creation.isNew()) {
            var status = creation.session().status().wireName();
            return Json.response(201, SessionAnswers.created(creation, status));
        }
        var reached = awaitStarted(call, creation.session(), wait(request.maxWaitSeconds()));
        return Json.response(201, SessionAnswers.created(new CreatedSession(reached, true), reachedStatus(reached)));
    }

    /** Waits in slices, so that a server that stops need not interrupt anybody. */
    private SessionRecord awaitStarted(Call call, SessionRecord created, Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        var now = created;
        var left = limit.toNanos();
        while (left > 0 && isStarting(now) && !call.request().isServerStopping()) {
            now = sessions.awaitStarted(created.id(), Duration.ofNanos(Math.min(left, WAIT_SLICE.toNanos())));
            left = end - System.nanoTime();
        }
        return now;
    }

    private Duration wait(int maxWaitSeconds) {
        var wished = Duration.ofSeconds(maxWaitSeconds);
        return wished.isZero() || wished.compareTo(longestWait) > 0 ? longestWait : wished;
    }

    private static String reachedStatus(SessionRecord session) {
        return isStarting(session) ? "TIMEOUT" : session.status().wireName();
    }

    /** Returns whether it may still come to run; one that somebody destroys meanwhile does not. */
    private static boolean isStarting(SessionRecord session) {
        return session.status() != SessionStatus.RUNNING
                && session.status() != SessionStatus.TERMINATING
                && !session.status().isTerminal();
    }

    private Response match(Call call) throws IOException {
        var request = call.read(parameters -> new MatchRequest(parameters.text("id")));
        var matches = sessions.match(call.caller().accessKey(), request.id()).stream()
                .map(SessionAnswers::match)
                .toList();
        return Json.response(200, new MatchAnswer(matches));
    }

    private Response info(Call call) throws IOException {
        var request = call.read(parameters -> new OwnerRequest(parameters.optionalText(OWNER)));
        var session = sessions.get(owner(call, request.owner()), call.path(SESSION), false);
        return Response.json(200, texts.of(session, use(session).orElse(null), clock.instant()));
    }

    /** Returns what the main kernel uses, if it runs and is measured. */
    private Optional<KernelUse> use(SessionRecord session) {
        var kernel = session.mainKernel();
        var agent = kernel.agent();
        return agent == null
                ? Optional.empty()
                : agents.find(agent).map(view -> view.kernels().get(kernel.id()));
    }

    private Response destroy(Call call) throws IOException {
        // the query counts even if a client adds a body to its DELETE
        var request = Parameters.read(
                Parameters.ofQuery(call.request()),
                parameters -> new DestroyRequest(
                        parameters.flag(false, "forced"),
                        parameters.flag(false, "recursive"),
                        parameters.optionalText(OWNER)));
        var owner = owner(call, request.owner());
        var followers = request.recursive()
                ? sessions.followers(sessions.get(owner, call.path(SESSION), true))
                : List.<SessionRecord>of();
        var ended = sessions.destroy(call.caller(), owner, call.path(SESSION), request.forced());
        var use = use(ended);
        followers.forEach(follower -> end(call, follower));
        if (ended.status() == SessionStatus.TERMINATING && destroyWait.isPositive()) {
            ended = sessions.awaitLeft(ended.id(), Set.of(SessionStatus.TERMINATING), destroyWait);
        }
        var stats = stats(ended, use);
        if (!request.recursive()) {
            return Json.response(200, new DestroyAnswer(stats));
        }
        return Json.response(
                200,
                Stream.concat(Stream.of(stats), followers.stream().map(follower -> CANCELLED))
                        .toList());
    }

    /** What its main kernel used when it was last measured; clients tell the forms of statistics by their version. */
    private static Map<String, Object> stats(SessionRecord ended, Optional<KernelUse> use) {
        var stats = new LinkedHashMap<String, Object>();
        stats.put("status", ended.status().wireName().toLowerCase(Locale.ROOT));
        use.ifPresent(present -> {
            stats.put("version", METRICS);
            stats.putAll(KernelMetrics.of(present));
        });
        return stats;
    }

    /** It has not started: it ends at once, or has ended already with the one before it. */
    private void end(Call call, SessionRecord follower) {
        try {
            sessions.destroy(call.caller(), follower.owner(), follower.id().toString(), true);
        } catch (SlipwayException e) {
            var now = sessions.find(follower.id());
            if (now.isPresent() && !now.get().status().isTerminal()) {
                throw e;
            }
        }
    }

    private Response dependencyGraph(Call call) throws IOException {
        var request = call.readAnyBody(parameters -> new OwnerRequest(parameters.optionalText(OWNER)));
        var session = sessions.get(owner(call, request.owner()), call.path(SESSION), true);
        return Json.response(200, new DependencyGraph(sessions).of(session));
    }

    private Response restart(Call call) throws IOException {
        // the query counts even if a client adds a body to its PATCH
        var request = Parameters.read(
                Parameters.ofQuery(call.request()), parameters -> new OwnerRequest(parameters.optionalText(OWNER)));
        var now = sessions.restart(call.caller(), owner(call, request.owner()), call.path(SESSION));
        var end = System.nanoTime() + longestWait.toNanos();
        while (now.status() == SessionStatus.RESTARTING
                && System.nanoTime() < end
                && !call.request().isServerStopping()) {
            now = sessions.awaitLeft(now.id(), Set.of(SessionStatus.RESTARTING), WAIT_SLICE);
        }
        if (now.status() == SessionStatus.RESTARTING) {
            throw new SlipwayException(
                    FailureCode.UNAVAILABLE, "Session " + now.name() + " still restarts; look at its status later");
        }
        if (now.status() != SessionStatus.RUNNING) {
            throw new Refusal(Problem.Kind.KERNEL_RESTART_FAILED.because(
                    "Session " + now.name() + " did not come up again: " + now.statusInfo()));
        }
        return Response.empty(204);
    }

    private Response logs(Call call) throws IOException {
        var request = call.readAnyBody(parameters -> {
            var kernel = parameters.optionalText("kernel_id", "kernelId");
            kernel.filter(id -> !isUuid(id)).ifPresent(id -> parameters.reject("kernel_id", "must be a UUID"));
            return new LogsRequest(parameters.optionalText(OWNER), kernel);
        });
        var logs = sessions.logs(owner(call, request.owner()), call.path(SESSION), request.kernelId());
        return Json.response(200, new LogsAnswer(new Logs(logs)));
    }

    private Response rename(Call call) throws IOException {
        var request = call.read(parameters -> new RenameRequest(
                parameters.text("name", "session_name", "clientSessionToken"), parameters.optionalText(OWNER)));
        sessions.rename(owner(call, request.owner()), call.path(SESSION), request.name());
        return Response.empty(204);
    }

    private AccessKey owner(Call call, Optional<String> requested) {
        return identities.owner(call.caller(), requested);
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
