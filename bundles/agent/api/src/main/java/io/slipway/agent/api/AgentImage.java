package io.slipway.agent.api;

import io.slipway.model.image.ImageRef;
import java.util.Map;

/**
 * An image on an agent's node.
 *
 * @param ref its canonical name and architecture
 * @param digest a text that changes when the content changes
 * @param sizeBytes size on disk, 0 if it takes none of its own
 * @param labels its labels
 */
public record AgentImage(ImageRef ref, String digest, long sizeBytes, Map<String, String> labels) {

    /** Copies. */
    public AgentImage {
        labels = Map.copyOf(labels);
    }
}
