package io.slipway.model.session;

import java.util.UUID;

/**
 * The identity of a compute session.
 *
 * @param value a UUID made by the manager
 */
public record SessionId(UUID value) {

    /**
     * Reads a canonical UUID text.
     *
     * @throws IllegalArgumentException if the text is no UUID
     */
    public static SessionId parse(String text) {
        return new SessionId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
