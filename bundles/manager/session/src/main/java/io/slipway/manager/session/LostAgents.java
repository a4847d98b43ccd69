package io.slipway.manager.session;

import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.session.SessionStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows on sessions that run on a silent agent that this is so, and takes it back when the agent is heard of again. Changes
 * no state: the sessions are believed to run on. Used by one thread.
 */
final class LostAgents {

    static final String INFO = "agent-lost";
    private static final Logger LOG = LoggerFactory.getLogger(LostAgents.class);

    private final SessionStore store;
    private Map<AgentId, Boolean> shown = Map.of();

    LostAgents(SessionStore store) {
        this.store = store;
    }

    /** Takes which agents are heard of now. */
    void update(Map<AgentId, Boolean> isHeard) {
        var next = new HashMap<AgentId, Boolean>();
        isHeard.forEach((agent, heard) -> {
            var before = shown.get(agent);
            // after a start nothing is known: what was shown before it may be wrong both ways
            if (before == null || before != heard.booleanValue()) {
                show(agent, heard);
            }
            next.put(agent, heard);
        });
        shown = next;
    }

    private void show(AgentId agent, boolean isHeard) {
        var sessions = store.kernelsOn(agent).stream()
                .map(KernelRecord::session)
                .distinct()
                .toList();
        var infos = store.findAll(sessions).values().stream()
                .filter(session -> session.status() == SessionStatus.RUNNING)
                .filter(session -> session.statusInfo().equals(INFO) == isHeard)
                .collect(Collectors.toMap(SessionRecord::id, session -> isHeard ? "" : INFO));
        if (!infos.isEmpty()) {
            LOG.info("agent={} is {}: shown on {} sessions", agent, isHeard ? "back" : "silent", infos.size());
            store.touch(Map.of(), infos);
        }
    }
}
