package io.slipway.runtime.docker;

import io.slipway.model.image.ImageRef;
import java.util.Optional;

/** Docker's short names of images, and ours, which always name the registry. */
final class ImageNames {

    static final String HUB = "docker.io";
    private static final String LIBRARY = "library/";

    private ImageNames() {}

    /** Reads a name as the engine lists it, such as {@code busybox:1}; empty if it has no tag or is odd. */
    static Optional<ImageRef> read(String listed, String architecture) {
        if (listed.contains("<none>") || listed.contains("@")) {
            return Optional.empty();
        }
        var slash = listed.indexOf('/');
        var first = slash < 0 ? "" : listed.substring(0, slash);
        var isRegistry = first.contains(".") || first.contains(":") || first.equals("localhost");
        var full = isRegistry ? listed : HUB + "/" + (slash < 0 ? LIBRARY : "") + listed;
        try {
            return Optional.of(ImageRef.parse(full, architecture));
        } catch (IllegalArgumentException e) {
            // a name that is no name of ours cannot be asked for either
            return Optional.empty();
        }
    }

    /** Returns our name of the engine's architecture, such as {@code x86_64} for {@code amd64}. */
    static String architecture(String engines) {
        return switch (engines) {
            case "amd64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> engines;
        };
    }
}
