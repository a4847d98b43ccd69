package io.slipway.model.image;

import java.util.regex.Pattern;

/**
 * A canonical image name with its architecture, such as {@code local/python:3} on {@code x86_64}.
 *
 * @param registry the first path element, such as {@code local} or {@code registry.example:5000}
 * @param name the path below the registry, such as {@code python} or {@code stable/python}
 * @param tag the tag, never empty
 * @param architecture {@code x86_64} or {@code aarch64}
 */
public record ImageRef(String registry, String name, String tag, String architecture) {

    /** The architecture that clients mean when they say nothing. */
    public static final String DEFAULT_ARCHITECTURE = "x86_64";

    private static final Pattern CANONICAL = Pattern.compile(
            "(?<registry>[a-zA-Z0-9.-]+(?::[0-9]+)?)/(?<name>[a-z0-9._/-]+):(?<tag>[\\w][\\w.-]{0,127})");

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if they do not make a canonical name of at most 512 characters
     */
    public ImageRef {
        var canonical = registry + "/" + name + ":" + tag;
        if (canonical.length() > 512 || !CANONICAL.matcher(canonical).matches() || architecture.isBlank()) {
            throw new IllegalArgumentException("'" + canonical + "' is not of the form registry/name:tag");
        }
    }

    /**
     * Reads a canonical name.
     *
     * @throws IllegalArgumentException if the text is no canonical name
     */
    public static ImageRef parse(String canonical, String architecture) {
        var matcher = CANONICAL.matcher(canonical);
        if (canonical.length() > 512 || !matcher.matches()) {
            throw new IllegalArgumentException("'" + canonical + "' is not of the form registry/name:tag");
        }
        return new ImageRef(matcher.group("registry"), matcher.group("name"), matcher.group("tag"), architecture);
    }

    /** Returns {@code registry/name:tag}. */
    public String canonical() {
        return registry + "/" + name + ":" + tag;
    }

    @Override
    public String toString() {
        return canonical() + " (" + architecture + ")";
    }
}
