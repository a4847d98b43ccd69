package io.slipway.itests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads a stream of events on a thread of its own until it ends or breaks off. */
final class EventReader implements AutoCloseable {

    /** What stands for the end of a connection. */
    static final String BROKEN = "broken";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final InputStream bytes;
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile String first = "";

    /**
     * One event as it came.
     *
     * @param id its own, or that of the last before it that had one
     */
    record Told(long id, String name, JsonNode data) {}

    private EventReader(InputStream bytes) {
        this.bytes = bytes;
    }

    /** Listens to what comes from now on. */
    static EventReader of(SignedHttp http, String target) {
        return after(http, target, "");
    }

    /** Listens to what came after an event. */
    static EventReader after(SignedHttp http, String target, String lastEvent) {
        var reader = new EventReader(http.eventBytes(target, lastEvent));
        Thread.ofVirtual().start(reader::read);
        return reader;
    }

    private void read() {
        var id = 0L;
        var name = "";
        var data = "";
        try (var lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id:")) {
                    id = Long.parseLong(line.substring(3).strip());
                    first = first.isEmpty() ? Long.toString(id) : first;
                } else if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data = line.substring(5).strip();
                } else if (line.isEmpty() && !name.isEmpty()) {
                    told.add(new Told(id, name, Api.json(data)));
                    name = "";
                }
            }
            told.add(new Told(id, BROKEN, Api.json("{}")));
        } catch (IOException e) {
            // the server was killed, or the test has heard enough
            told.add(new Told(id, BROKEN, Api.json("{}")));
        }
    }

    /** Waits for an event, and returns all that were told so far. */
    List<Told> until(String name) {
        return Await.until(
                LIMIT,
                () -> List.copyOf(told),
                all -> all.stream().anyMatch(one -> one.name().equals(name)));
    }

    /** Waits for the id that the stream begins with, and returns it. */
    String begin() {
        return Await.until(LIMIT, () -> first, text -> !text.isEmpty());
    }

    /** Breaks the connection off. */
    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
