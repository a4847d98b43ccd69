package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of the server under load: nothing that was acknowledged is lost, and what ran runs on. */
@Tag("alone")
class KillNineIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration AGE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private static final List<String> ENDS = List.of("CANCELLED", "TERMINATED", "ERROR");

    /** What the server acknowledged, kept outside it. */
    private record Ledger(Queue<String> sessions) {}

    @Test
    void losesNoAcknowledgedSessionAndNoVariable() throws Exception {
        try (var installation = Installation.start()) {
            var api = new Api(SignedHttp.user(installation));
            var running = api.create("survivor");
            api.run(running, "kept = 'still here'");

            var ledger = killUnderLoad(installation, api);
            installation.up();

            ledger.sessions().forEach(session -> assertTrue(!api.status(session).isEmpty(), session));
            assertEquals("still here\n", api.run(running, "print(kept)").stdout());
            for (var session : ledger.sessions()) {
                api.destroy(session);
            }
            for (var session : ledger.sessions()) {
                var end = Await.until(LIMIT, () -> api.status(session), ENDS::contains);
                assertTrue(!end.equals("ERROR"), () -> story(installation, api, session));
            }
            api.destroy(running);
            Await.until(LIMIT, () -> api.status(running), "TERMINATED"::equals);
        }
    }

    /** Returns what is known of a session that the kill harmed. */
    private static String story(Installation installation, Api api, String session) {
        var state = api.graphQl("{ compute_session(id: \"" + session
                        + "\") { status status_info containers { kernel_id status status_info status_data } } }")
                .path("compute_session");
        var kernel = state.path("containers").path(0).path("kernel_id").asText(session);
        var log = installation
                .log()
                .lines()
                .filter(line -> line.contains(session) || line.contains(kernel))
                .collect(Collectors.joining("\n"));
        var explained = installation.shell("slipway:session-explain " + session).all();
        return session + ": " + state + "\n" + explained + "\n" + log;
    }

    /** A database that is older than a minute frees space, and writes otherwise than a young one. */
    @Test
    void losesNothingOfADatabaseThatFreesSpace() throws Exception {
        try (var installation = Installation.start()) {
            var api = new Api(SignedHttp.user(installation));
            var old = Instant.now().plus(AGE);
            for (var i = 0; Instant.now().isBefore(old); i++) {
                live(api, "aging-" + i);
                Thread.sleep(PAUSE);
            }
            for (var kill = 0; kill < 2; kill++) {
                live(api, "before-" + kill);
                var acknowledged = Api.json(api.enqueue("acknowledged-" + kill).body())
                        .path("sessionId")
                        .asText();
                installation.killNine();
                installation.up();
                assertTrue(!api.status(acknowledged).isEmpty(), acknowledged + " is lost");
                api.destroy(acknowledged);
                Await.until(LIMIT, () -> api.status(acknowledged), List.of("CANCELLED", "TERMINATED")::contains);
            }
        }
    }

    private static void live(Api api, String name) {
        var session = api.create(name);
        api.destroy(session);
        Await.until(LIMIT, () -> api.status(session), "TERMINATED"::equals);
    }

    /** Four clients create as fast as they can; the server is killed after it acknowledged twenty. */
    private static Ledger killUnderLoad(Installation installation, Api api) throws InterruptedException {
        var ledger = new Ledger(new ConcurrentLinkedQueue<>());
        var enough = new CountDownLatch(20);
        var isEnough = false;
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 4).forEach(client -> clients.execute(() -> create(api, client, ledger, enough)));
            isEnough = enough.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            installation.killNine();
        }
        assertTrue(isEnough, () -> "only " + ledger.sessions().size() + " acknowledged before the kill");
        return ledger;
    }

    /** Until the kill cuts this client off: what it was answered before that counts. */
    private static void create(Api api, int client, Ledger ledger, CountDownLatch enough) {
        for (var i = 0; i < 50; i++) {
            try {
                var response = api.enqueue("ledger-" + client + "-" + i);
                if (response.statusCode() != 201) {
                    return;
                }
                ledger.sessions()
                        .add(Api.json(response.body()).path("sessionId").asText());
                enough.countDown();
            } catch (UncheckedIOException e) {
                return;
            }
        }
    }
}
