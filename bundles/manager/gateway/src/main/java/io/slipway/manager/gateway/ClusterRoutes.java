package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.lib.http.HttpMethod.PUT;
import static io.slipway.manager.gateway.AccessRule.PUBLIC;
import static io.slipway.manager.gateway.AccessRule.SUPERADMIN;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.config.api.SharedConfig;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionQuery;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the cluster has and how it is. */
@Component(service = ClusterRoutes.class)
public final class ClusterRoutes {

    /** Key of the announcement in the shared configuration; absent if none is shown. */
    static final String ANNOUNCEMENT = "manager/announcement";

    private static final int LONGEST_ANNOUNCEMENT = 65_536;
    private static final int KILLING_ROUNDS = 100;
    private static final int KILLED_PER_ROUND = 500;
    private static final Duration ACTIVE_FRESH = Duration.ofSeconds(1);

    private final SharedConfig config;
    private final Maintenance maintenance;
    private final AgentDirectory agents;
    private final IdentityService identities;
    private final SessionService sessions;
    // anybody may ask for it, so that the database is asked once a second at most
    private volatile ActiveCount active = new ActiveCount(0, System.nanoTime() - ACTIVE_FRESH.toNanos());

    /** Used by the component runtime. */
    @Activate
    public ClusterRoutes(
            @Reference SharedConfig config,
            @Reference AgentDirectory agents,
            @Reference IdentityService identities,
            @Reference SessionService sessions) {
        this.config = config;
        this.maintenance = new Maintenance(config);
        this.agents = agents;
        this.identities = identities;
        this.sessions = sessions;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        return List.of(
                route(GET, "/config/resource-slots", PUBLIC, Endpoint.Nothing.class, Map.class, this::slots),
                route(GET, "/scaling-groups", USER, GroupRequest.class, GroupsAnswer.class, this::groups),
                route(GET, "/manager/status", PUBLIC, Endpoint.Nothing.class, StatusAnswer.class, this::status),
                route(PUT, "/manager/status", SUPERADMIN, Freeze.class, Endpoint.Nothing.class, this::freeze),
                route(
                        GET,
                        "/manager/announcement",
                        PUBLIC,
                        Endpoint.Nothing.class,
                        Announcement.class,
                        this::announcement),
                route(
                        POST,
                        "/manager/announcement",
                        SUPERADMIN,
                        Announcement.class,
                        Endpoint.Nothing.class,
                        this::announce));
    }

    record GroupRequest(String group) {}

    record Freeze(boolean isFrozen, boolean killsSessions) {}

    record GroupsAnswer(@JsonProperty("scaling_groups") List<GroupName> scalingGroups) {}

    record GroupName(String name) {}

    record Announcement(boolean enabled, String message) {}

    record StatusAnswer(
            List<ManagerNode> nodes,
            String status,
            @JsonProperty("active_sessions") long activeSessions) {}

    record ManagerNode(
            String id,
            @JsonProperty("num_proc") int processors,
            @JsonProperty("service_addr") String serviceAddress,
            @JsonProperty("heartbeat_timeout") double heartbeatTimeoutSeconds,
            @JsonProperty("ssl_enabled") boolean isTls,
            @JsonProperty("active_sessions") long activeSessions,
            String status,
            String version,
            @JsonProperty("api_version") List<Object> apiVersion) {}

    private Response slots(Call call) {
        var types = new TreeMap<String, String>();
        agents.slotTypes().forEach((slot, type) -> types.put(slot.value(), type.wireName()));
        return Json.response(200, types);
    }

    private Response groups(Call call) throws IOException {
        var request = call.read(parameters -> new GroupRequest(parameters.text("group", "group_id", "group_name")));
        var project = identities.project(call.caller(), request.group());
        var names = identities.resourceGroups(project).stream()
                .sorted()
                .map(GroupName::new)
                .toList();
        return Json.response(200, new GroupsAnswer(names));
    }

    private Response status(Call call) {
        var running = countActive();
        var status = maintenance.isFrozen() ? "frozen" : "running";
        var version = ApiVersion.CURRENT.substring(1).split("\\.", -1);
        var node = new ManagerNode(
                "manager",
                Runtime.getRuntime().availableProcessors(),
                call.request().host(),
                30,
                false,
                running,
                status,
                ApiVersion.MANAGER_RELEASE,
                List.of(Integer.valueOf(version[0]), version[1]));
        return Json.response(200, new StatusAnswer(List.of(node), status, running));
    }

    private Response freeze(Call call) throws IOException {
        var request = call.read(parameters -> {
            if (!parameters.isPresent("status")) {
                parameters.reject("status", "is required");
            }
            return new Freeze(
                    parameters.choice(false, Map.of("running", false, "frozen", true), "status"),
                    parameters.flag(false, "force_kill"));
        });
        maintenance.freeze(request.isFrozen());
        if (request.isFrozen() && request.killsSessions()) {
            killSessions(call.caller());
        }
        return Response.empty(204);
    }

    /** Nothing new comes while the manager is frozen, so that this ends. */
    private void killSessions(Principal caller) {
        var live = EnumSet.allOf(SessionStatus.class);
        live.removeIf(status -> status.isTerminal() || status == SessionStatus.TERMINATING);
        for (var round = 0; round < KILLING_ROUNDS; round++) {
            var query = new SessionQuery(
                    Optional.empty(), Optional.empty(), Optional.empty(), live, List.of(), 0, KILLED_PER_ROUND);
            var found = sessions.list(query).items();
            if (found.isEmpty()) {
                return;
            }
            found.forEach(session ->
                    sessions.destroy(caller, session.owner(), session.id().toString(), true));
        }
    }

    private long countActive() {
        var known = active;
        if (System.nanoTime() - known.atNanos() >= ACTIVE_FRESH.toNanos()) {
            var query = new SessionQuery(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(SessionStatus.RUNNING),
                    List.of(),
                    0,
                    1);
            known = new ActiveCount(sessions.list(query).total(), System.nanoTime());
            active = known;
        }
        return known.sessions();
    }

    private record ActiveCount(long sessions, long atNanos) {}

    private Response announcement(Call call) {
        var message = config.get(ANNOUNCEMENT);
        return Json.response(200, new Announcement(message.isPresent(), message.orElse("")));
    }

    private Response announce(Call call) throws IOException {
        var request = call.read(ClusterRoutes::readAnnouncement);
        if (!request.enabled()) {
            config.delete(ANNOUNCEMENT, false);
        } else if (request.message().isBlank()) {
            throw new SlipwayException(
                    FailureCode.INVALID_PARAMETERS, "Empty message not allowed to enable announcement");
        } else {
            config.put(Map.of(ANNOUNCEMENT, request.message()));
        }
        return Response.empty(204);
    }

    private static Announcement readAnnouncement(Parameters parameters) {
        if (!parameters.isPresent("enabled")) {
            parameters.reject("enabled", "is required");
        }
        var message = parameters.optionalText("message").orElse("");
        if (message.length() > LONGEST_ANNOUNCEMENT) {
            parameters.reject("message", "must have at most " + LONGEST_ANNOUNCEMENT + " characters");
        }
        return new Announcement(parameters.flag(false, "enabled"), message);
    }
}
