package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.KernelUse;
import io.slipway.lib.http.RouteMatch;
import io.slipway.lib.http.RouteTable;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of sessions as a client sees it that does everything right. */
@Timeout(60)
class SessionRoutesTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void enqueuesWithoutWaiting() throws Exception {
        var body = """
                {"tag":null,"name":"mysess01","config":{"mounts":[],"environ":{"A":"1"},
                 "resources":{"cpu":1,"mem":"1g","cuda.shares":0.5},"resource_opts":{"shmem":"64m"},
                 "scalingGroup":null,"mount_map":{},"mount_options":{},"preopen_ports":null,"agent_list":null},
                 "dependencies":null,"callback_url":null,"architecture":"x86_64","clusterSize":1,
                 "clusterMode":"single-node","starts_at":null,"bootstrap_script":null,"owner_access_key":null,
                 "domain":"default","group":"default","type":"interactive","enqueueOnly":true,"maxWaitSeconds":0,
                 "reuseIfExists":true,"startupCommand":null,"image":"python","priority":10,"novelty":[1]}
                """;
        var reply = server.call(Fakes.USER, "POST", "/session", body);
        assertEquals(201, reply.status());
        assertEquals("PENDING", reply.body().path("status").asText());
        assertEquals("mysess01", reply.body().path("sessionName").asText());
        assertTrue(reply.body().path("created").asBoolean());
        assertEquals("[]", reply.body().path("servicePorts").toString());
        assertEquals(36, reply.body().path("sessionId").asText().length());
        var wish = server.sessions.wishes.getFirst();
        assertEquals("1g", wish.resources().get("mem"));
        assertEquals("1", wish.resources().get("cpu"));
        assertEquals("0.5", wish.resources().get("cuda.shares"));
        assertEquals("64m", wish.resourceOpts().get("shmem"));
    }

    @Test
    void understandsOlderSpellings() throws Exception {
        var reply = server.call(
                Fakes.USER,
                "POST",
                "/session/_/create",
                "{\"clientSessionToken\":\"mysess02\",\"lang\":\"python\",\"groupName\":\"default\",\"arch\":\"aarch64\","
                        + "\"domainName\":null,\"sessionType\":\"BATCH\",\"startupCommand\":\"ls\",\"cluster_size\":\"2\","
                        + "\"cluster_mode\":\"multi-node\",\"enqueueOnly\":\"True\",\"config\":{\"scaling_group\":\"gpu\"}}");
        assertEquals(201, reply.status(), reply.body().toString());
        var wish = server.sessions.wishes.getFirst();
        assertEquals(
                "mysess02 python aarch64 2 gpu null",
                String.join(
                        " ",
                        wish.name(),
                        wish.image(),
                        wish.architecture(),
                        "" + wish.clusterSize(),
                        wish.resourceGroup(),
                        wish.domain()));
    }

    @Test
    void waitsUntilItRuns() throws Exception {
        server.sessions.mayStart.countDown();
        var reply = create("mysess03", "");
        assertEquals("RUNNING", reply.body().path("status").asText());
        assertEquals(
                "[{\"name\":\"ttyd\",\"protocol\":\"http\",\"ports\":[7681]}]",
                reply.body().path("servicePorts").toString());
        server.sessions.startsAs = SessionStatus.ERROR;
        assertEquals("ERROR", create("mysess04", "").body().path("status").asText());
    }

    @Test
    void tellsThatItWaitedInVain() throws Exception {
        var reply = create("mysess05", ",\"maxWaitSeconds\":1");
        assertEquals(
                "201 TIMEOUT",
                reply.status() + " " + reply.body().path("status").asText());
    }

    @Test
    void stopsWaitingWhenTheServerStops() throws Exception {
        var reply = CompletableFuture.supplyAsync(() -> {
            try {
                return create("mysess12", "");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (server.sessions.records.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        server.gateway().stop();
        assertEquals(
                "TIMEOUT", reply.get(10, TimeUnit.SECONDS).body().path("status").asText());
    }

    @Test
    void reusesASessionOfTheSameName() throws Exception {
        var existing = server.sessions.put(Fakes.USER.principal(), "mysess06", SessionStatus.RUNNING);
        var reply = create("mysess06", "");
        assertEquals(201, reply.status());
        assertFalse(reply.body().path("created").asBoolean());
        assertEquals(existing.id().toString(), reply.body().path("sessionId").asText());
        assertEquals("RUNNING", reply.body().path("status").asText());
        assertEquals(
                7681,
                reply.body()
                        .path("service_ports")
                        .path(0)
                        .path("container_ports")
                        .path(0)
                        .asInt());
        var refused = create("mysess06", ",\"reuseIfExists\":false");
        assertEquals("400 session-already-exists", refused.problem());
        assertEquals(
                existing.id().toString(),
                refused.body().path("data").path("existingSessionId").asText());
    }

    @Test
    void tellsAllAboutASession() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "mysess07", SessionStatus.RUNNING);
        for (var reference : List.of("mysess07", session.id().toString())) {
            var reply = server.get(Fakes.USER, "/session/" + reference);
            assertEquals(200, reply.status());
            var names = StreamSupport.stream(((Iterable<String>) reply.body()::fieldNames).spliterator(), false)
                    .toList();
            assertEquals(
                    List.of(
                            "domainName",
                            "groupId",
                            "userId",
                            "lang",
                            "image",
                            "architecture",
                            "registry",
                            "tag",
                            "containerId",
                            "occupiedSlots",
                            "occupyingSlots",
                            "requestedSlots",
                            "occupiedShares",
                            "environ",
                            "resourceOpts",
                            "status",
                            "statusInfo",
                            "statusData",
                            "age",
                            "creationTime",
                            "terminationTime",
                            "numQueriesExecuted",
                            "lastStat",
                            "idleChecks"),
                    names);
            assertEquals(
                    "{\"cpu\":\"1\",\"mem\":\"1073741824\"}",
                    reply.body().path("occupiedSlots").asText());
            assertEquals("{\"A\":\"1\"}", reply.body().path("environ").asText());
            assertEquals(
                    "2026-01-02T03:04:05.678901+00:00",
                    reply.body().path("creationTime").asText());
            assertTrue(reply.body().path("terminationTime").isNull());
            assertTrue(reply.body().path("age").isIntegralNumber());
        }
    }

    @Test
    void showsEachChangeOfASessionAndItsAgeNow() throws Exception {
        var owner = Fakes.USER.principal();
        var id = server.sessions
                .put(owner, "mysess08", SessionStatus.PENDING)
                .id()
                .value();
        var first = server.get(Fakes.USER, "/session/mysess08").body();
        var second = server.get(Fakes.USER, "/session/mysess08").body();
        assertEquals(first.path("status"), second.path("status"));
        assertTrue(first.path("age").asLong() <= second.path("age").asLong());
        server.sessions.records.put(id, Samples.session(owner, id, "mysess08", SessionStatus.RUNNING));
        assertEquals(
                "RUNNING",
                server.get(Fakes.USER, "/session/mysess08")
                        .body()
                        .path("status")
                        .asText());
    }

    @Test
    void actsForAnotherKeyIfItMay() throws Exception {
        server.sessions.put(Fakes.USER.principal(), "mysess08", SessionStatus.RUNNING);
        var query = "/session/mysess08?owner_access_key=" + Fakes.USER.accessKey();
        assertEquals(200, server.get(Fakes.SUPERADMIN, query).status());
        assertEquals("403 generic-forbidden", server.get(Fakes.OTHER, query).problem());
        assertEquals(
                "404 object-not-found",
                server.get(Fakes.OTHER, "/session/mysess08").problem());
    }

    @Test
    void destroysSessions() throws Exception {
        server.sessions.put(Fakes.USER.principal(), "mysess09", SessionStatus.RUNNING);
        assertEquals(
                "{\"stats\":{\"status\":\"terminated\"}}",
                server.call(Fakes.USER, "DELETE", "/session/mysess09", "")
                        .body()
                        .toString());
        server.sessions.put(Fakes.USER.principal(), "mysess10", SessionStatus.PREPARING);
        assertEquals(
                "403 generic-forbidden",
                server.call(Fakes.USER, "DELETE", "/session/mysess10?forced=False", "")
                        .problem());
        assertEquals(
                "[{\"status\":\"terminated\"}]",
                server.call(Fakes.USER, "DELETE", "/session/mysess10?forced=True&recursive=yes", "{\"x\":1}")
                        .body()
                        .toString());
    }

    @Test
    void matchesRenamesAndShowsLogs() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "mysess11", SessionStatus.RUNNING);
        assertEquals(
                "{\"matches\":[{\"id\":\"" + session.id() + "\",\"name\":\"mysess11\",\"status\":\"RUNNING\"}]}",
                server.get(Fakes.USER, "/session/_/match?id=mysess11").body().toString());
        assertEquals(
                "{\"matches\":[]}",
                server.get(Fakes.USER, "/session/_/match?id=x").body().toString());
        assertEquals(
                204,
                server.call(Fakes.USER, "POST", "/session/mysess11/rename?name=renamed1", "")
                        .status());
        assertEquals(
                "log of renamed1",
                server.get(Fakes.USER, "/session/renamed1/logs")
                        .body()
                        .path("result")
                        .path("logs")
                        .asText());
        var kernel = session.id().toString();
        assertEquals(
                "log of renamed1 " + kernel,
                server.call(Fakes.USER, "GET", "/session/renamed1/logs", "{\"kernelId\":\"" + kernel + "\"}")
                        .body()
                        .path("result")
                        .path("logs")
                        .asText());
        assertEquals(
                204,
                server.call(Fakes.USER, "POST", "/session/renamed1/rename", "{\"clientSessionToken\":\"again001\"}")
                        .status());
    }

    @Test
    void saysHowARestartWent() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "mysess11", SessionStatus.RUNNING);
        assertEquals(
                204, server.call(Fakes.USER, "PATCH", "/session/mysess11", "").status());
        server.sessions.restartsAs = SessionStatus.TERMINATED;
        var failed = server.call(Fakes.USER, "PATCH", "/session/mysess11", "");
        assertEquals("500 kernel-restart-failed", failed.problem());
        assertEquals("Kernel restart has failed.", failed.body().path("title").asText());

        server.sessions.put(Fakes.USER.principal(), "mysess12", SessionStatus.RUNNING);
        server.sessions.restartsAs = SessionStatus.RESTARTING;
        var impatient = new SessionRoutes(
                server.sessions,
                new Fakes.Identities(),
                url -> {},
                new Fakes.Agents(),
                InstantSource.system(),
                Duration.ofMillis(1),
                Duration.ZERO);
        var request = new FakeRequest("PATCH", "/session/mysess12", Map.of(), "127.0.0.1");
        var found = assertInstanceOf(
                RouteMatch.Found.class, new RouteTable<>(impatient.routes()).find("PATCH", request.path()));
        @SuppressWarnings("unchecked") // it is the route of the table above
        var call = new Call(request, (RouteMatch.Found<AccessRule, Endpoint>) found, Fakes.USER.principal());
        var restart =
                assertInstanceOf(Endpoint.Plain.class, call.match().route().target());
        assertEquals(
                FailureCode.UNAVAILABLE,
                assertThrows(SlipwayException.class, () -> restart.handler().handle(call))
                        .code());
        assertTrue(server.sessions.find(session.id()).isPresent());
    }

    private GatewayUnderTest.Reply create(String name, String further) throws IOException, InterruptedException {
        var body = "{\"name\":\"" + name + "\",\"image\":\"python\"" + further + "}";
        return server.call(Fakes.USER, "POST", "/session", body);
    }

    @Test
    void takesAnAddressForEventsIfItMayBeCalled() throws Exception {
        var body = "{\"name\":\"calls001\",\"image\":\"python\",\"enqueueOnly\":true,\"callback_url\":\"%s\"}";
        var taken = server.call(Fakes.USER, "POST", "/session", body.formatted("https://ci.example.org/hook"));
        assertEquals(201, taken.status());
        assertEquals(List.of("https://ci.example.org/hook"), server.callbackUrls);
        assertEquals(
                "https://ci.example.org/hook", server.sessions.wishes.getLast().callbackUrl());

        var refused = server.call(
                Fakes.USER,
                "POST",
                "/session",
                body.formatted("http://10.0.0.1/").replace("calls001", "calls002"));
        assertEquals("400 invalid-api-params", refused.problem());
        assertTrue(refused.body().path("data").has("callback_url"), refused.body()::toString);
    }

    @Test
    void tellsWhatAKernelUses() throws Exception {
        var agent = Samples.AGENT;
        var session = server.sessions.put(Fakes.USER.principal(), "used0001", SessionStatus.RUNNING);
        var use = new KernelUse(1_500, new BigDecimal("50.00"), new BigDecimal(200), 1, 2, 4, 5, 6, 7, 8);
        var record = new AgentRecord(
                agent,
                AgentStatus.ALIVE,
                "default",
                true,
                "local",
                "1",
                "x86_64",
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Samples.CREATED_AT,
                null);
        assertEquals(
                "{}",
                server.call(Fakes.USER, "GET", "/session/used0001", "")
                        .body()
                        .path("lastStat")
                        .toString());
        server.agents.only = new AgentView(
                record, Map.of(), List.of(), Map.of(session.mainKernel().id(), use));

        var shown =
                server.call(Fakes.USER, "GET", "/session/used0001", "").body().path("lastStat");
        assertEquals("25.00", shown.path("cpu_util").path("pct").asText());
        assertEquals("2", shown.path("mem").path("stats.max").asText());

        var stats = server.call(Fakes.USER, "DELETE", "/session/used0001", "")
                .body()
                .path("stats");
        assertEquals(2, stats.path("version").asInt());
        assertEquals("terminated", stats.path("status").asText());
        assertEquals("1500", stats.path("cpu_used").path("current").asText());
    }
}
