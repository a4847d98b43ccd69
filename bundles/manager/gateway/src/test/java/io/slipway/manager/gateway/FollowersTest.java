package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that follow others, and methods that stand in a header. */
class FollowersTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @AfterEach
    void end() {
        server.close();
    }

    private SessionRecord after(String name, SessionRecord... before) {
        var plain = server.sessions.put(Fakes.USER.principal(), name, SessionStatus.PENDING);
        var ids = Stream.of(before).map(SessionRecord::id).toList();
        var session = with(plain, ids);
        server.sessions.records.put(session.id().value(), session);
        return session;
    }

    private static SessionRecord with(SessionRecord plain, List<SessionId> dependencies) {
        var details = plain.details();
        return new SessionRecord(
                plain.id(),
                plain.name(),
                plain.owner(),
                plain.userId(),
                plain.userEmail(),
                plain.domain(),
                plain.projectId(),
                plain.projectName(),
                plain.resourceGroup(),
                new SessionDetails(
                        details.type(),
                        details.priority(),
                        details.clusterMode(),
                        details.tag(),
                        details.environment(),
                        details.resourceOpts(),
                        details.agents(),
                        details.startupCommand(),
                        details.callbackUrl(),
                        details.bootstrapScript(),
                        details.timeoutSeconds(),
                        null,
                        dependencies),
                plain.status(),
                plain.statusInfo(),
                plain.statusChangedAt(),
                plain.result(),
                plain.numQueries(),
                plain.createdAt(),
                plain.scheduledAt(),
                plain.terminatedAt(),
                plain.kernels());
    }

    @Test
    void showsWhatASessionDependsOn() throws Exception {
        var first = after("job-first-1");
        var second = after("job-second-1", first);
        var last = after("job-last-1", first, second);
        var graph = server.get(Fakes.USER, "/session/" + last.id() + "/dependency-graph")
                .body();
        assertEquals("job-last-1", graph.path("session_name").asText());
        assertEquals("KernelStatus.PENDING", graph.path("status").asText());
        var before = graph.path("depends_on");
        assertEquals("job-first-1", before.path(0).path("session_name").asText());
        assertEquals("[]", before.path(0).path("depends_on").toString());
        assertEquals(
                first.id().toString(),
                before.path(1).path("depends_on").path(0).path("session_id").asText());
        assertEquals(
                404, server.get(Fakes.USER, "/session/nobody/dependency-graph").status());
    }

    @Test
    void cutsAGraphThatGrowsBeyondMeasure() throws Exception {
        var layer = List.of(after("layer-0-a"), after("layer-0-b"));
        for (int i = 1; i < 30; i++) {
            var before = layer.toArray(new SessionRecord[0]);
            layer = List.of(after("layer-" + i + "-a", before), after("layer-" + i + "-b", before));
        }
        var reply = server.get(Fakes.USER, "/session/" + layer.getFirst().id() + "/dependency-graph");
        assertEquals(200, reply.status());
        assertEquals(1_000, reply.body().findValuesAsText("session_id").size());
    }

    @Test
    void endsThoseThatFollowAsWell() throws Exception {
        after("parent01");
        var follower = after("parent01-after");
        var reply = server.call(Fakes.USER, "DELETE", "/session/parent01?recursive=true", "");
        assertEquals(200, reply.status());
        assertEquals(2, reply.body().size());
        assertEquals(
                SessionStatus.CANCELLED,
                server.sessions.find(follower.id()).orElseThrow().status());
    }

    @Test
    void takesTheMethodFromAHeader() throws Exception {
        after("override1");
        var signed = server.signed(Fakes.USER, "DELETE", "/session/override1", "")
                .header("X-Method-Override", "delete")
                .method("POST", HttpRequest.BodyPublishers.noBody());
        assertEquals(200, server.send(signed).status());
        var forged = server.signed(Fakes.USER, "POST", "/session/override1", "")
                .header("X-Method-Override", "DELETE")
                .method("POST", HttpRequest.BodyPublishers.noBody());
        assertEquals("401 auth-failed", server.send(forged).problem());
    }
}
