package io.slipway.manager.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a session depends on, and what that depends on, as a tree: a session that several depend on stands in it several
 * times, so it is cut where it becomes too large. Used by one request.
 */
final class DependencyGraph {

    private static final int MOST_NODES = 1_000;
    private static final int DEEPEST = 100;
    /** The form in which clients read it, which is Python's own. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    private static final String STATUS = "KernelStatus.";

    private final SessionService sessions;
    private final Map<SessionId, Optional<SessionRecord>> seen = new HashMap<>();
    private int nodes;

    DependencyGraph(SessionService sessions) {
        this.sessions = sessions;
    }

    /** A session in the tree. */
    record Node(
            @JsonProperty("session_id") String sessionId,
            @JsonProperty("session_name") String sessionName,
            String status,
            @JsonProperty("status_changed") String statusChanged,
            @JsonProperty("depends_on") List<Node> dependsOn) {}

    Node of(SessionRecord session) {
        return node(session, 0);
    }

    private Node node(SessionRecord session, int depth) {
        nodes++;
        var before = new ArrayList<Node>();
        if (depth < DEEPEST) {
            for (var id : session.details().dependencies()) {
                if (nodes < MOST_NODES) {
                    seen.computeIfAbsent(id, sessions::find).ifPresent(found -> before.add(node(found, depth + 1)));
                }
            }
        }
        return new Node(
                session.id().toString(),
                session.name(),
                STATUS + session.status().wireName(),
                TIME.format(session.statusChangedAt()),
                before);
    }
}
