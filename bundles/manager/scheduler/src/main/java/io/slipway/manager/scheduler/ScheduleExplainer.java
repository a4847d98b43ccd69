package io.slipway.manager.scheduler;

import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.ExplainService;
import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionId;
import io.slipway.plugin.api.Plugins;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Explains from the table, so that every manager gives the same answer, whoever leads: with the same words and the same dry
 * run as the decision.
 */
@Component
public final class ScheduleExplainer implements ExplainService {

    private static final int QUEUE = 200_000;

    private final SessionStore sessions;
    private final SchedulingStore scheduling;
    private final AgentDirectory directory;
    private final GroupPolicies policies;
    private final InstantSource clock;

    /** Used by the component runtime. */
    @Activate
    public ScheduleExplainer(
            @Reference SessionStore sessions,
            @Reference SchedulingStore scheduling,
            @Reference AgentDirectory directory,
            @Reference SharedConfig config,
            @Reference Plugins plugins) {
        this.sessions = sessions;
        this.scheduling = scheduling;
        this.directory = directory;
        this.policies = new GroupPolicies(plugins, config, "fifo", "concentrated");
        this.clock = InstantSource.system();
    }

    @Override
    public Explanation explain(SessionId id) {
        var session = sessions.find(id)
                .orElseThrow(() -> SlipwayException.notFound("session", "Session " + id + " not found"));
        var history = sessions.history(id).stream().map(ScheduleExplainer::line).toList();
        return switch (session.status()) {
            case PENDING -> waiting(session, history);
            case SCHEDULED, PREPARING, PULLING, CREATING, RUNNING, RESTARTING, TERMINATING ->
                new Explanation(summary(session), 0, places(session), history);
            case TERMINATED, CANCELLED, ERROR -> new Explanation(summary(session), 0, List.of(), history);
        };
    }

    private Explanation waiting(SessionRecord session, List<String> history) {
        var view = new GroupView(session.resourceGroup(), directory);
        view.rebuild(scheduling.occupancy(session.resourceGroup()));
        var snapshot = view.snapshot(clock.instant());
        var words = new Words(snapshot.group(), snapshot.slotTypes());
        var waiting = Waiting.of(session, Map.of());
        var info = held(waiting)
                .orElseGet(() -> session.statusInfo().isBlank()
                        ? words.why(waiting.shape().total(), snapshot.agents())
                        : session.statusInfo());
        return new Explanation("Waits: " + info, position(session, view), agents(waiting, snapshot, words), history);
    }

    private Optional<String> held(Waiting waiting) {
        var one = List.of(waiting);
        var holds = Holds.look(one, sessions.findAll(Holds.dependencies(one)), clock.instant());
        return Optional.ofNullable(holds.reasons().get(waiting.id()))
                .or(() -> Optional.ofNullable(holds.hopeless().get(waiting.id())));
    }

    private int position(SessionRecord session, GroupView view) {
        var queue = scheduling.pending(session.resourceGroup(), QUEUE).stream()
                .map(waiting -> Waiting.of(waiting, Map.of()).session());
        try (var leased = policies.lease(policies.ids(session.resourceGroup()))) {
            var order =
                    queue.sorted(leased.sequencing().get().order(view.usage())).toList();
            return 1
                    + IntStream.range(0, order.size())
                            .filter(place -> order.get(place).session().equals(session.id()))
                            .findFirst()
                            .orElse(0);
        }
    }

    private static List<String> agents(Waiting waiting, Snapshot snapshot, Words words) {
        var lines = new ArrayList<String>();
        snapshot.agents().stream()
                .sorted(Comparator.comparing(agent -> agent.id().value()))
                .map(agent -> agent.id() + ": " + fit(waiting, agent, words))
                .forEach(lines::add);
        snapshot.others().forEach((agent, why) -> lines.add(agent + ": " + why));
        return lines;
    }

    private static String fit(Waiting waiting, AgentState agent, Words words) {
        var shape = waiting.shape();
        if (!shape.agents().isEmpty() && !shape.agents().contains(agent.id())) {
            return "is not among the agents asked for";
        }
        if (!shape.architecture().equals(agent.architecture())) {
            return "is " + agent.architecture() + ", the image is " + shape.architecture();
        }
        return words.why(shape.total(), agent).orElse("has room");
    }

    private static String summary(SessionRecord session) {
        var info = session.statusInfo().isBlank() ? "" : ": " + session.statusInfo();
        return switch (session.status()) {
            case PENDING -> "Waits" + info;
            case SCHEDULED -> "Has agents, is about to be launched" + info;
            case PREPARING -> "Its image is made ready" + info;
            case PULLING -> "Its image is pulled" + info;
            case CREATING -> "Its kernels are started" + info;
            case RUNNING -> "Runs" + info;
            case RESTARTING -> "Is started anew" + info;
            case TERMINATING -> "Ends; waits for its agents to confirm" + info;
            case TERMINATED, CANCELLED, ERROR -> "Has ended (" + session.status() + ")" + info;
        };
    }

    private static List<String> places(SessionRecord session) {
        return session.kernels().stream()
                .map(kernel -> kernel.agent() + ": has kernel " + kernel.hostname() + ", " + kernel.status())
                .toList();
    }

    private static String line(HistoryEntry entry) {
        var move = entry.from().isEmpty() ? entry.to() : entry.from() + " > " + entry.to();
        var reason = entry.reason().isBlank() ? "" : ": " + entry.reason();
        return entry.at() + " " + entry.subject() + " " + move + reason;
    }
}
