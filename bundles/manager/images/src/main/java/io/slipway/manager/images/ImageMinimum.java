package io.slipway.manager.images;

import io.slipway.model.slot.BinarySize;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one kernel of an image needs at least, as its labels say; one core and 256 MiB if they do not. */
final class ImageMinimum {

    private static final Logger LOG = LoggerFactory.getLogger(ImageMinimum.class);
    private static final String PREFIX = "ai.backend.resource.min.";
    private static final BigDecimal DEFAULT_CPU = BigDecimal.ONE;
    private static final BigDecimal DEFAULT_MEM = BigDecimal.valueOf(256L << 20);

    private ImageMinimum() {}

    static SlotAmounts of(String image, Map<String, String> labels) {
        var amounts = new HashMap<>(Map.of(SlotName.CPU, DEFAULT_CPU, SlotName.MEM, DEFAULT_MEM));
        labels.forEach((label, value) -> {
            if (label.startsWith(PREFIX)) {
                try {
                    var amount = amount(value.strip());
                    if (amount.signum() >= 0) {
                        amounts.put(new SlotName(label.substring(PREFIX.length())), amount);
                    }
                } catch (IllegalArgumentException e) {
                    LOG.warn("image={} label {}={} is ignored: {}", image, label, value, e.getMessage());
                }
            }
        });
        return SlotAmounts.of(amounts);
    }

    private static BigDecimal amount(String value) {
        return value.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")
                ? new BigDecimal(value)
                : BigDecimal.valueOf(BinarySize.parse(value));
    }
}
