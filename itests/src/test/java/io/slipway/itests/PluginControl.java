package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Orders changes of plug-ins over HTTP and waits for their end. */
final class PluginControl {

    private static final Pattern END = Pattern.compile("event: bgtask_(\\w+)\\s+data: (.*)");

    private final SignedHttp http;

    PluginControl(SignedHttp http) {
        this.http = http;
    }

    /**
     * How a change ended.
     *
     * @param isDone whether the new version serves
     * @param words what the server says of it
     */
    record Outcome(boolean isDone, String words) {}

    /** Sends a jar and waits until it serves, or does not. */
    Outcome install(String id, Path jar) {
        return await(http.upload("/plugins/_/upload?id=" + id, jar));
    }

    /** Has the server fetch a jar by URL or name. */
    Outcome fetch(String source) {
        return await(http.send("POST", "/plugins", Api.text(Map.of("source", source))));
    }

    /** Goes to a version that is on disk. */
    Outcome select(String id, String version) {
        return await(http.send("POST", "/plugins/" + id + "/swap", Api.text(Map.of("version", version))));
    }

    Outcome rollback(String id) {
        return await(http.send("POST", "/plugins/" + id + "/rollback", "{}"));
    }

    /** Returns how a plug-in stands. */
    JsonNode status(String id) {
        var response = http.send("GET", "/plugins/" + id, null);
        assertEquals(200, response.statusCode(), response::body);
        return Api.json(response.body()).path("status");
    }

    private Outcome await(HttpResponse<String> ordered) {
        if (ordered.statusCode() != 202) {
            return new Outcome(false, ordered.body());
        }
        var task = Api.json(ordered.body()).path("task_id").asText();
        var told = http.send("GET", "/events/background-task?task_id=" + task, null);
        var matcher = END.matcher(told.body());
        var outcome = new Outcome(false, told.statusCode() + " " + told.body());
        while (matcher.find()) {
            outcome = new Outcome(
                    matcher.group(1).equals("done"),
                    Api.json(matcher.group(2)).path("message").asText());
        }
        return outcome;
    }
}
