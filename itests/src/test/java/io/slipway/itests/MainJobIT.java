package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The main job on a whole installation: a session, code in it, its end; and what the shell shows of it. */
class MainJobIT {

    private static final Pattern HEAP_USED = Pattern.compile("(?:DefNew|Tenured) +total \\d+K, used (\\d+)K");
    private static Installation installation;
    private static Api api;
    private static String session;

    @BeforeAll
    static void start() {
        installation = Installation.start();
        api = new Api(SignedHttp.user(installation));
        session = api.create("mainjob1");
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void keepsStateBetweenCalls() {
        api.run(session, "kept = 41");

        assertEquals(new Api.Run("finished", 0, "42\n", ""), api.run(session, "print(kept + 1)"));
    }

    @Test
    void streamsOutputWhileCodeRuns() {
        var code = "import time\nprint('first', flush=True)\ntime.sleep(4)\nprint('last')";
        var reply = api.step(session, null, "query", code);

        assertEquals("continued", reply.path("status").asText());
        assertEquals("first\n", reply.path("console").path(0).path(1).asText());
        var rest = new StringBuilder();
        while (!reply.path("status").asText().equals("finished")) {
            reply = api.step(session, reply.path("runId").asText(), "continue", "");
            reply.path("console").forEach(piece -> rest.append(piece.get(1).asText()));
        }
        assertEquals("last\n", rest.toString());
    }

    @Test
    void givesTracebacksAndExitCodes() {
        var failed = api.run(session, "1/0");

        assertEquals(1, failed.exitCode());
        assertTrue(failed.stderr().contains("ZeroDivisionError"), failed::toString);
        assertEquals(3, api.run(session, "import sys; sys.exit(3)").exitCode());
    }

    @Test
    void asksForInput() {
        var run = api.run(session, "print('hello ' + input('name? '))", "Ada");

        assertTrue(run.stdout().endsWith("hello Ada\n"), run::toString);
    }

    @Test
    void asksForPasswords() {
        var asked = api.step(session, null, "query", "import getpass\nprint(getpass.getpass()[::-1])");

        assertEquals("waiting-input", asked.path("status").asText(), asked::toString);
        assertTrue(asked.path("options").path("is_password").asBoolean(), asked::toString);
        var end = api.step(session, asked.path("runId").asText(), "input", "drow");
        assertEquals("finished", end.path("status").asText(), end::toString);
        assertEquals("word\n", end.path("console").path(0).path(1).asText(), end::toString);
    }

    @Test
    void startsAnotherInterpreterAfterTheEndOfOne() {
        var ended = api.run(session, "lost = 1\nimport os; os._exit(3)");

        assertEquals(3, ended.exitCode(), ended::toString);
        assertTrue(ended.stderr().contains("variables are lost"), ended::toString);
        assertEquals("False\n", api.run(session, "print('lost' in globals())").stdout());
    }

    @Test
    void interruptsABusyLoop() {
        var running =
                CompletableFuture.supplyAsync(() -> api.run(session, "print('in', flush=True)\nwhile True: pass"));
        var first = CompletableFuture.runAsync(
                () -> api.send("POST", "/session/" + session + "/interrupt", null),
                CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS));

        first.join();
        var run = running.orTimeout(30, TimeUnit.SECONDS).join();
        assertTrue(run.stderr().contains("KeyboardInterrupt"), run::toString);
        assertEquals("2\n", api.run(session, "print(1+1)").stdout());
    }

    @Test
    void completesCode() {
        api.run(session, "import os");
        var options = Map.of("row", 0, "col", 7, "line", "", "post", "");
        var body = Api.text(Map.of("code", "os.getc", "options", options));
        var response = api.send("POST", "/session/" + session + "/complete", body);

        assertEquals(200, response.statusCode(), response::body);
        assertTrue(response.body().contains("getcwd"), response::body);
    }

    @Test
    void boundsRunawayOutput() {
        var before = liveHeap();
        var residentBefore = residentBytes();
        var most = 0L;
        var mostResident = 0L;
        var characters = 0L;
        var code = "import sys\nchunk = 'x' * (1 << 20)\nfor _ in range(1024): sys.stdout.write(chunk)\n";
        var reply = api.step(session, null, "query", code);
        for (var i = 0; true; i++) {
            for (var piece : reply.path("console")) {
                characters += piece.path(1).asText().length();
            }
            if (i % 256 == 4) {
                most = Math.max(most, liveHeap());
            }
            mostResident = i % 16 == 0 ? Math.max(mostResident, residentBytes()) : mostResident;
            if (!reply.path("status").asText().equals("continued")) {
                break;
            }
            reply = api.step(session, reply.path("runId").asText(), "continue", "");
        }
        assertEquals("finished", reply.path("status").asText());
        assertEquals(1L << 30, characters);
        var grown = most - before;
        assertTrue(grown < 64L << 20, () -> "what the server holds grew by " + grown + " bytes");
        // garbage that was not collected yet is in it; the heap's own limit is 304 MiB
        var grownResident = mostResident - residentBefore;
        assertTrue(grownResident < 256L << 20, () -> "the server's process grew by " + grownResident + " bytes");
    }

    private static long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(installation.pid()), "status"))) {
            var line =
                    lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void hidesSessionsFromOthersButAdministrators() {
        var admin = new Api(SignedHttp.admin(installation));

        assertEquals("RUNNING", admin.status(session));
        assertEquals(404, admin.send("GET", "/session/" + session, null).statusCode());
    }

    @Test
    void showsTheSameInTheShell() {
        var list = installation.shell("slipway:session-list --json").succeeded();
        assertTrue(list.out().contains(session), list::all);
        assertTrue(installation.shell("slipway:agent-list").succeeded().out().contains("ALIVE"));
        assertTrue(installation.shell("slipway:image-list").succeeded().out().contains("local/python:3"));
        var exec = installation.shell("slipway:session-exec " + session + " 'print(6*7)'");
        assertTrue(exec.out().contains("42"), exec::all);
    }

    @Test
    void explainsWhyASessionWaits() {
        var body = Api.creation("toobig01", true).replace("\"cpu\":\"1\"", "\"cpu\":\"4000\"");
        var waiting = Api.json(api.send("POST", "/session", body).body())
                .path("sessionId")
                .asText();
        var explained = Await.until(
                Duration.ofSeconds(20),
                () -> installation.shell("slipway:session-explain " + waiting).out(),
                text -> text.contains("4000"));

        assertTrue(explained.contains("cpu"), explained);
        assertFalse(explained.contains("Exception"), explained);
        api.destroy(waiting);
        assertEquals("CANCELLED", api.status(waiting));
    }

    /** Returns the bytes of the server's heap that are still in use after a collection. */
    private static long liveHeap() {
        jcmd("GC.run");
        var used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        var bytes = 0L;
        while (used.find()) {
            bytes += Long.parseLong(used.group(1)) << 10;
        }
        assertTrue(bytes > 0, "no figures");
        return bytes;
    }

    private static String jcmd(String command) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        return new Command(
                        List.of(jcmd, Long.toString(installation.pid()), command),
                        installation.home(),
                        Map.of(),
                        Duration.ofSeconds(30))
                .run()
                .succeeded()
                .out();
    }
}
