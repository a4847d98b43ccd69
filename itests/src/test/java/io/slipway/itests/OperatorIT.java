package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators and their collectors see of a running server, and what they change without a restart. */
class OperatorIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SOURCES = "io.slipway.plugin.sources.cfg";

    private static Installation installation;
    private static int collectorPort;

    @BeforeAll
    static void start() throws IOException {
        collectorPort = Installation.freePort();
        installation =
                Installation.start(Map.of("io.slipway.manager.gateway.metrics.cfg", "port = " + collectorPort + "\n"));
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    private static String page() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var address = URI.create("http://127.0.0.1:" + collectorPort + "/metrics");
            var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            return answer.body();
        }
    }

    @Test
    void collectorsReadHowPluginsSessionsAndRequestsStand() throws Exception {
        SignedHttp.user(installation).send("GET", "/auth/role", null);
        var page = page();
        for (var line : new String[] {
            "slipway_plugin_state{plugin=\"noop\",reason=\"\",state=\"ACTIVE\",version=\"0.1.0.SNAPSHOT\"} 1.0",
            "slipway_plugin_leases{plugin=\"noop\",version=\"0.1.0.SNAPSHOT\"} 0.0",
            "slipway_sessions{status=\"RUNNING\"} 0.0",
            "slipway_http_requests_total{method=\"GET\",route=\"/auth/role\",status=\"200\"} 1.0",
            "slipway_figures_failed 0.0",
            "jvm_threads_current "
        }) {
            assertTrue(page.contains("\n" + line), () -> line + " is not in\n" + page);
        }
    }

    @Test
    void superadminsReadTheFiguresThroughTheApi() {
        var page = SignedHttp.admin(installation).send("GET", "/metrics", null);
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("slipway_plugin_state{"), page::body);
        assertEquals(
                401, SignedHttp.user(installation).send("GET", "/metrics", null).statusCode());
    }

    @Test
    void changedSettingsOfPluginSourcesRestartNothing() throws IOException {
        var etc = installation.home().resolve("etc");
        Files.writeString(etc.resolve(SOURCES), "allowUnsigned = true\nversionFloors = a.b=1.0, c.d=2\n");
        Await.until(LIMIT, installation::log, log -> log.contains("Development mode: unsigned plug-ins are accepted"));
        Files.writeString(etc.resolve(SOURCES), "versionFloors = nonsense\n");
        Await.until(LIMIT, installation::log, log -> log.contains("'nonsense' is not name=version"));
        Files.writeString(etc.resolve("io.slipway.plugin.sources.fetch.cfg"), "repositories = /nowhere\n");
        Await.until(
                LIMIT, () -> installation.shell("slipway:plugin-verify acme").out(), text -> text.contains("/nowhere"));

        var list = installation.shell("slipway:plugin-list").succeeded().out();
        assertTrue(list.startsWith("DEVELOPMENT MODE"), () -> "the settings before the wrong ones count on: " + list);
        assertEquals(1, count("Plug-ins are up"));
        assertEquals(1, count("The API is served on"));
    }

    private static int count(String words) {
        return installation.log().split(words, -1).length - 1;
    }

    @Test
    void aSessionLivesByTheShellAlone() {
        var created = json("session-create python -n shell-life -r cpu=1 -r mem=256m --json");
        assertEquals("RUNNING", created.path("status").asText(), created::toString);
        var ran = json("session-exec shell-life 'print(6 * 7)' --json");
        assertEquals("42\n", ran.path("stdout").asText(), ran::toString);
        assertEquals(0, ran.path("exitCode").asInt(-1), ran::toString);
        assertTrue(json("session-logs shell-life --json").path("logs").isTextual());
        assertEquals(
                "shell-life",
                find("session-list", "id", created.path("id")).path("name").asText());
        assertEquals(1, json("agent-list --json").size());
        assertTrue(json("image-list --json").path(0).path("image").asText().contains("python"));

        var destroyed = json("session-destroy shell-life --json");
        assertEquals("TERMINATED", destroyed.path("status").asText(), destroyed::toString);
        var explained = json("explain " + created.path("id").asText() + " --json");
        assertTrue(explained.path("summary").isTextual(), explained::toString);
        assertTrue(explained.path("history").toString().contains("RUNNING"), explained::toString);
    }

    @Test
    void aTreeOfKeysComesFromAFile() throws IOException {
        var file = Files.writeString(
                installation.home().resolve("tree.json"), "{\"it\": {\"tree\": {\"a\": 1, \"b\": {\"c\": \"x\"}}}}");
        assertEquals(2, json("etcd-put-json '' " + file + " --json").size());
        assertEquals(
                "x", find("etcd-ls it/tree", "key", "it/tree/b/c").path("value").asText());
        assertEquals(
                2, json("etcd-delete it/tree --prefix --json").path("deleted").asInt());
        assertEquals(0, json("etcd-ls it/tree --json").size());
    }

    /** As somebody at a terminal does it: the prompt, a key for the rest of a name, the answer, good bye. */
    @Test
    void namesAreCompletedAtATerminal() {
        json("session-create python -n typed-by-hand -r cpu=1 -r mem=256m --json");
        json("session-destroy typed-by-hand --json");
        json("etcd-put typed/by/hand answered --json");
        var script = """
                import os, pty, re, select, sys, time
                pid, terminal = pty.fork()
                if pid == 0:
                    os.environ["TERM"] = "xterm"
                    os.execv(sys.argv[1], sys.argv[1:])
                end, seen = time.monotonic() + 50, ""
                for awaited, typed in (("slipway> ", "slipway:session-expl\\t"), ("session-explain ", "typed-\\t"),
                                       ("typed-by-hand", "\\r"), ("TERMINATED", ""),
                                       ("slipway> ", "slipway:etcd-get typed/b\\t"), ("typed/by/hand", "\\r"),
                                       ("answered", ""), ("slipway> ", "slipway:plugin-info scheduling-p\\t"),
                                       ("scheduling-policies", "\\r"), ("SequencingPolicy", ""),
                                       ("slipway> ", "slipway:session-create --no-wait pyth\\t"),
                                       ("python ", "\\x15logout\\r")):
                    while awaited not in (plain := re.sub(r"\\x1b\\[[0-9;?]*[a-zA-Z]", "", seen)):
                        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                            sys.exit(f"no {awaited!r} in {seen!r}")
                        seen += os.read(terminal, 65536).decode(errors="replace")
                    seen = plain[plain.index(awaited) + len(awaited):]
                    os.write(terminal, typed.encode())
                print("seen all")
                os.waitpid(pid, 0)
                """;
        var words = List.of(
                "/usr/bin/python3",
                "-c",
                script,
                Installation.ROOT.resolve("slipway").toString(),
                "shell",
                "--home",
                installation.home().toString());
        var result =
                new Command(words, Installation.ROOT, Map.of(), LIMIT).run().succeeded();
        assertTrue(result.out().contains("seen all"), result::all);
    }

    private static JsonNode json(String command) {
        return Api.json(installation.shell("slipway:" + command).succeeded().out());
    }

    /** Returns the row of a table that has this value in a column. */
    private static JsonNode find(String command, String column, Object value) {
        var wanted = value instanceof JsonNode node ? node.asText() : value.toString();
        for (var row : json(command + " --json")) {
            if (row.path(column).asText().equals(wanted)) {
                return row;
            }
        }
        throw new AssertionError("no " + wanted + " in " + command);
    }

    @Test
    void optionsStandAnywhereAndRefusalsAreOneJsonObject() {
        installation.shell("slipway:etcd-put it/a -5 --json").succeeded();
        assertEquals(
                "-5",
                installation.shell("slipway:etcd-get it/a").succeeded().out().strip());
        for (var command : new String[] {
            "etcd-get it/none --json",
            "session-logs --json nobody",
            "session-logs --json",
            "etcd-put --json",
            "plugin-info --json",
            "session-exec nobody --json '1'",
            "plugin-info none --json",
            "session-destroy nobody --json --fast"
        }) {
            var result = installation.shell("slipway:" + command);
            assertEquals(1, result.exit(), result::all);
            assertTrue(Api.json(result.out()).path("error").isTextual(), result::all);
        }
    }
}
