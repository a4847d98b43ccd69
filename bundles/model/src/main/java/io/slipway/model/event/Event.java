package io.slipway.model.event;

import java.util.Map;

/**
 * Something that happened, made of text alone, so that it can go through any bus.
 *
 * @param id tells it from every other event of its topic, 1 to 128 characters; an event that comes twice has the same id
 * @param key what it is about, at most 128 characters; events of one key keep their order
 * @param values what there is to say, by name; small: a bus may refuse an event above 64 KiB
 */
public record Event(String id, String key, Map<String, String> values) {

    private static final int LONGEST = 128;

    /** Copies, and refuses ids and keys that no bus takes. */
    public Event {
        if (id.isEmpty() || id.length() > LONGEST) {
            throw new IllegalArgumentException("event id '" + id + "' is empty or longer than " + LONGEST);
        }
        if (key.length() > LONGEST) {
            throw new IllegalArgumentException("event key '" + key + "' is longer than " + LONGEST);
        }
        values = Map.copyOf(values);
    }
}
