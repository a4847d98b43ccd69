package io.slipway.runtime.spi;

import io.slipway.model.image.ImageRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image on the node.
 *
 * @param ref its canonical name
 * @param digest a text that changes when the content changes
 * @param sizeBytes size on disk, 0 if it takes none of its own
 * @param labels its labels
 * @param python absolute path inside of a Python 3, such as {@code /usr/local/bin/python3}; null if there is none, or in a
 *     list if it was not looked for
 * @param shell absolute path inside of a POSIX shell, such as {@code /bin/sh}; null if there is none, or in a list if it
 *     was not looked for
 */
public record InstalledImage(
        ImageRef ref,
        String digest,
        long sizeBytes,
        Map<String, String> labels,
        @Nullable String python,
        @Nullable String shell) {

    /** Copies. */
    public InstalledImage {
        labels = Map.copyOf(labels);
    }

    /**
     * Describes an image that has {@code /bin/sh}.
     *
     * @param hasPython whether it has {@code /usr/bin/python3} too
     */
    public InstalledImage(ImageRef ref, String digest, long sizeBytes, Map<String, String> labels, boolean hasPython) {
        this(ref, digest, sizeBytes, labels, hasPython ? "/usr/bin/python3" : null, "/bin/sh");
    }

    /** Returns whether a Python 3 is known to be in it. */
    public boolean hasPython() {
        return python != null;
    }
}
