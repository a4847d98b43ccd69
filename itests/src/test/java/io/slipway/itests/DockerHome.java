package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An installation whose agent has a Docker engine of the tests' own, and looks for leaks every second. */
final class DockerHome implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(40);
    static final Duration REAPER = Duration.ofSeconds(1);

    private static final List<String> ENDS = List.of("TERMINATED", "CANCELLED", "ERROR");

    private static final Logger LOG = LoggerFactory.getLogger(DockerHome.class);

    private final DockerEngine engine;
    private final Installation installation;
    private final Api api;
    private final Api admin;

    private DockerHome(DockerEngine engine, Installation installation) {
        this.engine = engine;
        this.installation = installation;
        api = new Api(SignedHttp.user(installation));
        admin = new Api(SignedHttp.admin(installation));
    }

    /** Skips the tests that ask where there can be no engine, with the reason. */
    static void assumeEngine() {
        var obstacle = DockerEngine.obstacle();
        if (!obstacle.isEmpty()) {
            LOG.warn("Nothing is tested on Docker: {}", obstacle);
        }
        assumeTrue(obstacle.isEmpty(), obstacle);
    }

    /** Starts an engine with the tests' images, and one on it. */
    static DockerHome start(Map<String, String> settings, String... furtherImages) {
        var engine = DockerEngine.start();
        engine.images(furtherImages);
        return on(engine, settings);
    }

    /**
     * Starts one on an engine that has the tests' images; both are closed with it.
     *
     * @param settings further ones, text by name of the file in {@code etc}
     */
    static DockerHome on(DockerEngine engine, Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("io.slipway.runtime.docker.cfg", "host=unix://" + engine.socket() + "\n");
        all.put("io.slipway.agent.node.cfg", "inventoryMillis=1000\nreaperMillis=" + REAPER.toMillis() + "\n");
        Installation installation = null;
        var isUp = false;
        try {
            installation = Installation.start(all);
            var home = new DockerHome(engine, installation);
            home.awaitImage("test/empty:1");
            isUp = true;
            return home;
        } finally {
            if (!isUp) {
                try {
                    if (installation != null) {
                        installation.close();
                    }
                } finally {
                    engine.close();
                }
            }
        }
    }

    DockerEngine engine() {
        return engine;
    }

    Installation installation() {
        return installation;
    }

    Api api() {
        return api;
    }

    /** Waits until the server knows an image of the engine. */
    void awaitImage(String image) {
        Await.until(LIMIT, () -> installation.shell("slipway:image-list").out(), list -> list.contains(image));
    }

    /** Creates a session of an image and returns its id; it runs, or is what it became. */
    String create(String name, String image) {
        return create(name, image, false);
    }

    String enqueue(String name, String image) {
        return create(name, image, true);
    }

    private String create(String name, String image, boolean isEnqueueOnly) {
        var body = Api.creation(name, isEnqueueOnly).replace("\"python\"", "\"" + image + "\"");
        var response = api.send("POST", "/session", body);
        assertEquals(201, response.statusCode(), response::body);
        return Api.json(response.body()).path("sessionId").asText();
    }

    String running(String name, String image) {
        return running(create(name, image));
    }

    private String running(String session) {
        assertEquals("RUNNING", api.status(session), () -> info(session));
        return session;
    }

    /** Returns a session that runs, as soon as the agent has seen that its engine is well again. */
    String runningAgain(String name, String image) {
        return Await.until(
                LIMIT,
                () -> {
                    var session = create(name, image);
                    var isRefused = info(session).contains("cannot run kernels now");
                    return isRefused ? "" : running(session);
                },
                session -> !session.isEmpty());
    }

    /** Waits for a state and returns why it is. */
    String await(String session, String... states) {
        Await.until(LIMIT, () -> api.status(session), List.of(states)::contains);
        return info(session);
    }

    String info(String session) {
        return api.graphQl("{ compute_session(id: \"" + session + "\") { status status_info } }")
                .toString();
    }

    void end(String session) {
        api.destroy(session);
        await(session, "TERMINATED");
    }

    /** Returns what the engine has of a session's container. */
    JsonNode inspect(String session) {
        return Api.json(engine.docker("inspect", "slipway-" + session)).path(0);
    }

    /** Returns how the engine names the state of a session's container; empty if there is none. */
    String containerState(String session) {
        return engine.docker("ps", "-a", "--filter", "name=slipway-" + session, "--format", "{{.State}}");
    }

    void awaitContainer(String session, String state) {
        Await.until(LIMIT, () -> containerState(session), state::equals);
    }

    /** Ends what still runs or waits, and waits until nothing at all is left: what is under way has to end by itself. */
    void endAll() {
        for (var session : live()) {
            if (List.of("RUNNING", "PENDING").contains(session.path("status").asText())) {
                api.destroy(session.path("id").asText());
            }
        }
        Await.until(LIMIT, this::live, List::isEmpty);
        Await.until(LIMIT, this::leftovers, List::isEmpty);
    }

    private List<JsonNode> live() {
        var query = "{ compute_session_list(limit: 50, offset: 0) { items { id name status status_info } } }";
        var found = new ArrayList<JsonNode>();
        for (var session : api.graphQl(query).path("compute_session_list").path("items")) {
            if (!ENDS.contains(session.path("status").asText())) {
                found.add(session);
            }
        }
        return found;
    }

    /** Returns what sessions hold or left: slots, containers, networks, volumes, folders. */
    List<String> leftovers() {
        var found = new ArrayList<String>();
        for (var agent : admin.graphQl("{ agent_list(limit: 5, offset: 0) { items { id occupied_slots } } }")
                .path("agent_list")
                .path("items")) {
            Api.json(agent.path("occupied_slots").asText()).properties().stream()
                    .filter(slot -> slot.getValue().asDouble() != 0)
                    .forEach(slot -> found.add("occupied " + slot));
        }
        engine.containers().forEach(container -> found.add("container " + container));
        engine.docker("network", "ls", "-q", "--filter", "type=custom")
                .lines()
                .forEach(network -> found.add("network " + network));
        engine.docker("volume", "ls", "-q").lines().forEach(volume -> found.add("volume " + volume));
        var uploads = homes().resolve(".uploads"); // it stays, and what is in it goes
        entries(homes()).filter(home -> !home.equals(uploads)).forEach(home -> found.add("home " + home));
        if (Files.exists(uploads)) {
            entries(uploads).forEach(upload -> found.add("upload " + upload));
        }
        entries(drivers()).filter(Files::isDirectory).forEach(folder -> found.add("driver folder " + folder));
        return found;
    }

    /** Where homes of kernels lie. */
    Path homes() {
        return Path.of("/var/lib/slipway", digest(6), "homes");
    }

    private Path drivers() {
        return Path.of("/run/slipway", digest(4));
    }

    private String digest(int bytes) {
        try {
            var real = installation.home().toRealPath().toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(real), 0, bytes);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> entries(Path folder) {
        try (var listed = Files.list(folder)) {
            return listed.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            installation.close();
        } finally {
            engine.close();
        }
    }
}
