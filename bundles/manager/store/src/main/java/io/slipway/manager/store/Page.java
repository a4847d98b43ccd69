package io.slipway.manager.store;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items this part
 * @param total how many there are in all
 * @param <T> of what
 */
public record Page<T>(List<T> items, long total) {

    /** Copies. */
    public Page {
        items = List.copyOf(items);
    }
}
