package io.slipway.event.testkit;

import io.slipway.model.event.Event;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Events to try a bus with. */
final class Samples {

    private Samples() {}

    static Event event(String id, String key) {
        return new Event(id, key, Map.of("text", "of " + id + " \u00fc\n"));
    }

    /** Events of three keys, by turns. */
    static List<Event> events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> event(Integer.toString(i), "key" + i % 3))
                .toList();
    }

    static List<String> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }
}
