package io.slipway.metrics.api;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One thing that is measured.
 *
 * @param name with its unit at the end, such as {@code slipway_plugin_leases} or {@code slipway_http_request_seconds};
 *     without {@code _total}, which collectors add to counters
 * @param kind how to read it
 * @param help one sentence for operators
 * @param samples its values, each with other labels
 */
public record Figure(String name, Kind kind, String help, List<Sample> samples) {

    private static final Pattern NAME = Pattern.compile("slipway_[a-z0-9_]+(?<!_total)");

    /** How a figure is read. */
    public enum Kind {
        /** Goes up and down. */
        GAUGE,
        /** Only grows, from 0 at the start of the process. */
        COUNTER
    }

    /**
     * One value.
     *
     * @param labels names and values that tell it from the others; few different values each
     * @param value of it, in the unit that the name says
     */
    public record Sample(Map<String, String> labels, double value) {

        /** Copies. */
        public Sample {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if the name is not of that form
     */
    public Figure {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a figure");
        }
        samples = List.copyOf(samples);
    }
}
