package io.slipway.model.kernel;

import java.util.UUID;

/**
 * The identity of a kernel; the key of every idempotent operation on it.
 *
 * @param value a UUID made by the manager
 */
public record KernelId(UUID value) {

    /**
     * Reads a canonical UUID text.
     *
     * @throws IllegalArgumentException if the text is no UUID
     */
    public static KernelId parse(String text) {
        return new KernelId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
