package io.slipway.runtime.spi;

import io.slipway.model.image.ImageRef;
import java.util.Map;

/**
 * An image on the node.
 *
 * @param ref its canonical name
 * @param digest a text that changes when the content changes
 * @param sizeBytes size on disk, 0 if it takes none of its own
 * @param labels its labels
 * @param hasPython whether {@code /usr/bin/python3} is in it
 */
public record InstalledImage(
        ImageRef ref, String digest, long sizeBytes, Map<String, String> labels, boolean hasPython) {

    /** Copies. */
    public InstalledImage {
        labels = Map.copyOf(labels);
    }
}
