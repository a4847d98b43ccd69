package io.slipway.manager.gateway;

import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionQuery;
import io.slipway.metrics.api.Figure;
import io.slipway.metrics.api.Figure.Kind;
import io.slipway.metrics.api.Figure.Sample;
import io.slipway.metrics.api.Figures;
import io.slipway.model.session.SessionStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** How many live sessions and agents there are. Those that have ended are no figure: their number only grows. */
@Component(service = Figures.class)
public final class ClusterFigures implements Figures {

    private final SessionService sessions;
    private final AgentDirectory agents;

    /** Used by the component runtime. */
    @Activate
    public ClusterFigures(@Reference SessionService sessions, @Reference AgentDirectory agents) {
        this.sessions = sessions;
        this.agents = agents;
    }

    @Override
    public List<Figure> figures() {
        var live = Arrays.stream(SessionStatus.values())
                .filter(status -> !status.isTerminal())
                .map(status -> new Sample(Map.of("status", status.name()), count(status)))
                .toList();
        var byStatus = new TreeMap<String, Integer>();
        agents.agents().forEach(agent -> byStatus.merge(agent.record().status().name(), 1, Integer::sum));
        var known = byStatus.entrySet().stream()
                .map(entry -> new Sample(Map.of("status", entry.getKey()), entry.getValue()))
                .toList();
        return List.of(
                new Figure("slipway_sessions", Kind.GAUGE, "Live sessions by status", live),
                new Figure("slipway_agents", Kind.GAUGE, "Agents by status", known));
    }

    private long count(SessionStatus status) {
        return sessions.list(new SessionQuery(
                        Optional.empty(), Optional.empty(), Optional.empty(), Set.of(status), List.of(), 0, 1))
                .total();
    }
}
