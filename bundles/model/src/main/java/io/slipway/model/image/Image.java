package io.slipway.model.image;

import io.slipway.model.slot.SlotAmounts;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An image in the catalog.
 *
 * @param id its row
 * @param ref canonical name and architecture
 * @param digest content digest such as {@code sha256:...}, or a value that changes with the content
 * @param sizeBytes size on disk, at least 0
 * @param labels image labels, unmodifiable
 * @param aliases short names, sorted
 * @param minimum what one kernel needs at least
 */
public record Image(
        UUID id,
        ImageRef ref,
        String digest,
        long sizeBytes,
        Map<String, String> labels,
        List<String> aliases,
        SlotAmounts minimum) {

    /** Copies. */
    public Image {
        labels = Map.copyOf(labels);
        aliases = aliases.stream().sorted().toList();
    }
}
