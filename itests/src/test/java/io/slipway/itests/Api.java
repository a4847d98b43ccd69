package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of the main job, as a client makes them. */
final class Api {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final SignedHttp http;

    Api(SignedHttp http) {
        this.http = http;
    }

    /** What a run of code gave, from its first call to its end. */
    record Run(String status, int exitCode, String stdout, String stderr) {}

    /** Creates a session and waits until it runs; returns its id. */
    String create(String name) {
        return create(name, "python");
    }

    /** The same of an image. */
    String create(String name, String image) {
        return created(creation(name, image, false));
    }

    /** The same as a request says. */
    String created(String request) {
        var response = http.send("POST", "/session", request);
        assertEquals(201, response.statusCode(), response::body);
        var answer = json(response.body());
        assertEquals("RUNNING", answer.path("status").asText(), response::body);
        return answer.path("sessionId").asText();
    }

    /** Stores a session without waiting for it; returns the raw answer. */
    HttpResponse<String> enqueue(String name) {
        return http.send("POST", "/session", creation(name, true));
    }

    static String creation(String name, boolean isEnqueueOnly) {
        return creation(name, "python", isEnqueueOnly);
    }

    static String creation(String name, String image, boolean isEnqueueOnly) {
        return creation(name, image, isEnqueueOnly, Map.of("cpu", "1", "mem", "256m"));
    }

    static String creation(String name, String image, boolean isEnqueueOnly, Map<String, String> resources) {
        return text(Map.of(
                "name",
                name,
                "image",
                image,
                "enqueueOnly",
                isEnqueueOnly,
                "maxWaitSeconds",
                60,
                "reuseIfExists",
                false,
                "config",
                Map.of("resources", resources)));
    }

    String status(String session) {
        return graphQl("{ compute_session(id: \"" + session + "\") { status status_info } }")
                .path("compute_session")
                .path("status")
                .asText();
    }

    JsonNode graphQl(String query) {
        var response = http.send("POST", "/admin/gql", text(Map.of("query", query)));
        assertEquals(200, response.statusCode(), response::body);
        return json(response.body()).path("data");
    }

    /** Ends a session, which may have ended by itself meanwhile. */
    void destroy(String session) {
        var response = http.send("DELETE", "/session/" + session + "?forced=true", null);
        var hasEnded = response.statusCode() == 403 && response.body().contains("it has ended");
        assertTrue(hasEnded || response.statusCode() == 200, response::body);
    }

    /** One step of a run, the raw answer. */
    JsonNode step(String session, @Nullable String runId, String mode, String code) {
        var body = new HashMap<String, @Nullable Object>();
        body.put("runId", runId);
        body.put("mode", mode);
        body.put("code", code);
        body.put("options", null);
        var response = http.send("POST", "/session/" + session, text(body));
        assertEquals(200, response.statusCode(), response::body);
        return json(response.body()).path("result");
    }

    /** Runs code to its end; gives the lines of input in order where it asks for them. */
    Run run(String session, String code, String... input) {
        var out = new StringBuilder();
        var err = new StringBuilder();
        var given = 0;
        var reply = step(session, null, "query", code);
        while (true) {
            for (var piece : reply.path("console")) {
                (piece.get(0).asText().equals("stderr") ? err : out)
                        .append(piece.get(1).asText());
            }
            var status = reply.path("status").asText();
            var runId = reply.path("runId").asText();
            if (status.equals("continued")) {
                reply = step(session, runId, "continue", "");
            } else if (status.equals("waiting-input")) {
                reply = step(session, runId, "input", input[given++]);
            } else {
                return new Run(status, reply.path("exitCode").asInt(-1), out.toString(), err.toString());
            }
        }
    }

    HttpResponse<String> send(String method, String target, @Nullable String json) {
        return http.send(method, target, json);
    }

    /** Posts, reads the answer to its end and returns how many bytes it had. */
    long download(String target, String json) {
        return http.count(target, json, Long.MAX_VALUE);
    }

    /** Posts and breaks off when some of the answer is there. */
    void breakOff(String target, String json) {
        http.count(target, json, 10 << 20);
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
