package io.slipway.plugin.api;

import java.util.regex.Pattern;

/**
 * The identity of a plug-in over all its versions, such as {@code process} or {@code cuda}.
 *
 * @param value lower-case letters, digits and {@code -}, starting with a letter, at most 64 characters
 */
public record PluginId(String value) implements Comparable<PluginId> {

    /** Service property by which a provider says which plug-in it belongs to. */
    public static final String PROPERTY = "slipway.plugin.id";

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** Checks the form. */
    public PluginId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("plug-in id '" + value + "' is not lower-case letters, digits and -");
        }
    }

    @Override
    public int compareTo(PluginId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
