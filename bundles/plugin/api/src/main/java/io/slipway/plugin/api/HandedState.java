package io.slipway.plugin.api;

import java.util.Map;

/**
 * State on its way from one version of a plug-in to another.
 *
 * @param schema a number that grows when the values' form changes; who does not know it refuses the state
 * @param values keys and values as text, so that the versions share no class
 */
public record HandedState(int schema, Map<String, String> values) {

    /** Copies. */
    public HandedState {
        values = Map.copyOf(values);
    }
}
