package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.TaskRunner.Progress;
import io.slipway.manager.store.TaskRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.CallCosts;
import io.slipway.plugin.api.PluginVerdict.Finding;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapStep;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PluginRoutesTest {

    private final GatewayUnderTest server = new GatewayUnderTest();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void stop() {
        assertEquals(0, server.plugins.open, "a fetched file was left open");
        server.close();
    }

    private GatewayUnderTest.Reply get(String target) throws Exception {
        return server.get(Fakes.SUPERADMIN, target);
    }

    private GatewayUnderTest.Reply post(String target, String body) throws Exception {
        return server.call(Fakes.SUPERADMIN, "POST", target, body);
    }

    private GatewayUnderTest.Reply upload(Fakes.TestKey key, String query, String body) throws Exception {
        var target = "/plugins/_/upload" + query;
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        return server.send(server.request("POST", target, body)
                .header("Content-Type", "multipart/form-data; boundary=XyZ")
                .header("Date", date.toString())
                .header("X-BackendAI-Version", "v8.20240915")
                .header("Authorization", server.authorization(key, "POST", target, date, "multipart/form-data")));
    }

    private static String form(String content) {
        return "--XyZ\r\nContent-Disposition: form-data; name=\"src\"; filename=\"noop.jar\"\r\n\r\n" + content
                + "\r\n--XyZ--\r\n";
    }

    /** Runs the task that an answer names, as the manager would. */
    private String run(GatewayUnderTest.Reply reply) {
        assertEquals(202, reply.status(), () -> reply.raw().body());
        var task = server.tasks.records.get(
                UUID.fromString(reply.body().path("task_id").asText()));
        assertEquals("plugin-change", task.kind());
        return run(task);
    }

    private String run(TaskRecord task) {
        return server.plugins.desk().run(task.arguments(), new Progress() {
            @Override
            public void tell(long current, long total, String message) {
                told.add(message);
            }

            @Override
            public boolean isStopping() {
                return false;
            }
        });
    }

    @Test
    void listsPluginsAndSaysThatDevelopmentModeIsOn() throws Exception {
        var reply = get("/plugins");
        assertEquals(200, reply.status());
        var plugin = reply.body().path("plugins").path(0);
        assertEquals("noop", plugin.path("id").asText());
        assertEquals("ACTIVE", plugin.path("state").asText());
        assertEquals("false", reply.body().path("development_mode").asText());
        server.plugins.isDevelopment = true;
        for (var target : List.of("/plugins", "/plugins/noop", "/plugins/_/history", "/plugins/_/offers")) {
            assertEquals("true", get(target).body().path("development_mode").asText(), target);
        }
    }

    @Test
    void tellsOfOneAndItsStory() throws Exception {
        var info = get("/plugins/noop");
        assertEquals("5.0", info.body().path("calls").path(0).path("p50_ms").asText());
        assertTrue(info.body().path("sentences").isMissingNode());
        var story = get("/plugins/noop/explain");
        assertEquals("It serves.", story.body().path("sentences").path(0).asText());
        assertEquals("404 object-not-found", get("/plugins/nobody").problem());
        assertEquals("404 object-not-found", get("/plugins/NOBODY/explain").problem());
        assertEquals(
                "404 object-not-found", post("/plugins/nobody/rollback", "").problem());
        assertEquals(
                "404 object-not-found",
                post("/plugins/nobody/swap", "{\"version\":\"1.0.0\"}").problem());
    }

    @Test
    void tellsWhatIsInsideTheVersionThatServes() throws Exception {
        var inside = get("/plugins/noop/contents").body();
        assertEquals("noop.cdx.json of /repository", inside.path("contents_by").asText());
        assertEquals(
                "org.acme:codec", inside.path("contents").path(0).path("name").asText());
        assertEquals(
                "Apache-2.0",
                inside.path("contents").path(0).path("licences").path(0).asText());
        assertEquals("404 object-not-found", get("/plugins/nobody/contents").problem());
    }

    @Test
    void showsTheHistory() throws Exception {
        assertEquals(2, get("/plugins/_/history").body().path("history").size());
        assertEquals(1, get("/plugins/_/history?id=noop").body().path("history").size());
        assertEquals(1, get("/plugins/_/history?limit=1").body().path("history").size());
        assertEquals("400 invalid-api-params", get("/plugins/_/history?limit=0").problem());
        assertEquals("400 invalid-api-params", get("/plugins/_/history?id=N").problem());
    }

    @Test
    void plansAndOrdersNothing() throws Exception {
        server.plugins.finding = Finding.UNTRUSTED;
        var reply = post("/plugins/_/plan", "{\"source\":\"noop@1.1.0\"}");
        assertEquals(200, reply.status());
        var plan = reply.body().path("plans").path(0);
        assertEquals("3", plan.path("calls_in_flight").asText());
        assertEquals("UNTRUSTED: in words", plan.path("objections").path(0).asText());
        assertEquals(
                "400 generic-bad-request",
                post("/plugins/_/plan", "{\"source\":\"nowhere\"}").problem());
        var uploaded = upload(Fakes.SUPERADMIN, "?plan=true", form("jar"));
        assertEquals(
                "UNTRUSTED",
                uploaded.body().path("plans").path(0).path("finding").asText());
        assertEquals(List.of(), server.plugins.uploads());
        assertEquals(List.of(), server.plugins.orders);
        assertTrue(server.tasks.records.isEmpty());
    }

    @Test
    void installsFromASourceAndTellsEachStep() throws Exception {
        var reply = post("/plugins", "{\"source\":\"https://example.org/noop.jar\",\"id\":\"noop\"}");
        assertEquals(List.of(), server.plugins.orders, "before its task runs");
        assertEquals("noop 1.1.0 serves after 350 ms", run(reply));
        assertEquals(List.of("apply noop https://example.org/noop.jar"), server.plugins.orders);
        assertEquals(List.of("fetch https://example.org/noop.jar", "noop 1.1.0: check", "noop 1.1.0: self_test"), told);
    }

    @Test
    void installsAnUploadAndDeletesIt() throws Exception {
        var reply = upload(Fakes.SUPERADMIN, "?id=noop", form("jar"));
        assertEquals(1, server.plugins.uploads().size());
        run(reply);
        assertEquals(List.of("apply noop uploaded"), server.plugins.orders);
        assertEquals(List.of(), server.plugins.uploads());
        var again = assertThrows(SlipwayException.class, () -> run(reply));
        assertTrue(String.valueOf(again.getMessage()).contains("the upload is gone"), again::toString);
    }

    @Test
    void refusesBadUploads() throws Exception {
        assertEquals("401 auth-failed", upload(Fakes.USER, "", form("jar")).problem());
        assertEquals(413, upload(Fakes.SUPERADMIN, "", form("x".repeat(1_001))).status());
        assertEquals(
                "400 invalid-api-params",
                upload(Fakes.SUPERADMIN, "", "--XyZ--\r\n").problem());
        assertEquals(
                "400 invalid-api-params",
                upload(Fakes.SUPERADMIN, "", "no form").problem());
        assertEquals(
                "400 invalid-api-params",
                upload(Fakes.SUPERADMIN, "?id=N", form("jar")).problem());
        assertEquals(
                "400 invalid-api-params",
                upload(Fakes.SUPERADMIN, "?plan=soon", form("jar")).problem());
        assertEquals(List.of(), server.plugins.uploads());
        assertTrue(server.tasks.records.isEmpty());
    }

    @Test
    void changesSettingsTogetherWithWhatTheyAreOf() throws Exception {
        var body = "{\"source\":\"noop@1.1.0\",\"settings\":{\"io.slipway.runtime.noop.delay\":5}}";
        run(post("/plugins", body));
        run(post("/plugins/noop/swap", body));
        var order = "apply noop noop@1.1.0 {io.slipway.runtime.noop.delay=5}";
        assertEquals(List.of(order, order), server.plugins.orders);
        var plan = post("/plugins/_/plan", body);
        assertEquals(
                "5",
                plan.body()
                        .path("settings")
                        .path("io.slipway.runtime.noop.delay")
                        .asText(),
                () -> plan.raw().body());
        var onDisk = "{\"version\":\"1.1.0\",\"settings\":{\"io.slipway.runtime.noop.delay\":5}}";
        assertEquals(
                "400 invalid-api-params", post("/plugins/noop/swap", onDisk).problem());
    }

    @Test
    void swapsAndRollsBack() throws Exception {
        run(post("/plugins/noop/swap", "{\"version\":\"1.1.0\"}"));
        run(post("/plugins/noop/swap", "{\"source\":\"noop@1.1.0\"}"));
        run(post("/plugins/noop/rollback", ""));
        assertEquals(List.of("select noop 1.1.0", "apply noop noop@1.1.0", "rollback noop"), server.plugins.orders);
    }

    @Test
    void aRollbackThatRunsAgainAfterACrashGoesBackOnce() {
        var progress = new Progress() {
            @Override
            public void tell(long current, long total, String message) {
                told.add(message);
            }

            @Override
            public boolean isStopping() {
                return false;
            }
        };
        var result = server.plugins.desk().run(Map.of("id", "noop", "from", "0.9.0"), progress);
        assertEquals("noop 0.9.0 is not in use any more", result);
        assertEquals(List.of(), server.plugins.orders);
    }

    @Test
    void refusesSourcesOnTheServersOwnDisk() throws Exception {
        for (var source : List.of("/etc/passwd", "file:///etc/passwd", "../x.jar", "", "ftp://x/y")) {
            var reply = post("/plugins", "{\"source\":\"" + source + "\"}");
            assertEquals("400 invalid-api-params", reply.problem(), source);
            assertTrue(reply.body().path("data").has("source"), source);
        }
        for (var body : List.of("{}", "{\"source\":1}", "{\"source\":\"noop\",\"id\":\"N\"}", "[]")) {
            assertEquals("400 invalid-api-params", post("/plugins", body).problem(), body);
            assertEquals("400 invalid-api-params", post("/plugins/_/plan", body).problem(), body);
        }
        var both = "{\"source\":\"noop\",\"version\":\"1.0.0\"}";
        assertEquals("400 invalid-api-params", post("/plugins/noop/swap", both).problem());
        assertEquals("400 invalid-api-params", post("/plugins/noop/swap", "{}").problem());
    }

    @Test
    void theTaskFailsWithTheReason() throws Exception {
        server.plugins.finding = Finding.UNSIGNED;
        assertEquals("noop: UNSIGNED: in words", failure());
        assertEquals(List.of(), server.plugins.orders);
        server.plugins.finding = Finding.TRUSTED;
        server.plugins.outcome = new SwapOutcome.Refused(FakePlugins.NOOP, SwapStep.START, "it throws");
        assertEquals("noop is refused at start: it throws", failure());
        server.plugins.outcome = new SwapOutcome.RolledBack(
                FakePlugins.NOOP, "1.0.0", "1.1.0", "too slow", new CallCosts(2, 5, List.of("create: 2 failed")));
        assertTrue(failure().contains("was taken back, 1.0.0 serves again: too slow; it cost 2 calls"));
    }

    private String failure() throws Exception {
        var reply = post("/plugins", "{\"source\":\"noop\"}");
        return String.valueOf(
                assertThrows(SlipwayException.class, () -> run(reply)).getMessage());
    }
}
