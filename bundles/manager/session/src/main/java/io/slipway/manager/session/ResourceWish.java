package io.slipway.manager.session;

import io.slipway.model.failure.SlipwayException;
import io.slipway.model.slot.BinarySize;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what a user asks for into amounts: what is absent is the image's minimum, what is below it is refused. */
final class ResourceWish {

    private static final Pattern COUNT_FORM = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,4})?");
    private static final SlotAmounts LEAST = SlotAmounts.of(
            Map.of(SlotName.CPU, BigDecimal.ONE, SlotName.MEM, BigDecimal.valueOf(BinarySize.parse("256m"))));

    private final Map<SlotName, SlotType> types;

    /** Creates one that knows these slots. */
    ResourceWish(Map<SlotName, SlotType> types) {
        this.types = types;
    }

    /**
     * Returns what one kernel gets.
     *
     * @param wished slot name to text
     * @param minimum the image's; cpu and mem have one also if it does not say so
     */
    SlotAmounts resolve(Map<String, String> wished, SlotAmounts minimum) {
        var result = new TreeMap<>(LEAST.amounts());
        result.putAll(minimum.amounts());
        wished.forEach((name, text) -> {
            var slot = slot(name);
            var amount = amount(slot, text.strip());
            if (amount.compareTo(minimum.get(slot)) < 0) {
                throw invalid(
                        slot, "'" + text + "' is below the minimum of the image, " + text(slot, minimum.get(slot)));
            }
            result.put(slot, amount);
        });
        return SlotAmounts.of(result);
    }

    /** Returns an amount as people read it. */
    String text(SlotName slot, BigDecimal amount) {
        return typeOf(slot) == SlotType.BYTES ? BinarySize.text(amount.longValue()) : amount.toPlainString();
    }

    private SlotName slot(String name) {
        return types.keySet().stream()
                .filter(slot -> slot.value().equals(name))
                .findFirst()
                .orElseThrow(() -> SlipwayException.invalid(
                        "resources." + (name.length() > 64 ? name.substring(0, 64) : name),
                        "no agent has such a slot; known are "
                                + types.keySet().stream()
                                        .sorted()
                                        .map(SlotName::value)
                                        .collect(Collectors.joining(", "))));
    }

    private BigDecimal amount(SlotName slot, String text) {
        return switch (typeOf(slot)) {
            case BYTES -> size(slot, text);
            case COUNT -> count(slot, text);
            case UNIQUE -> unique(slot, text);
        };
    }

    private SlotType typeOf(SlotName slot) {
        return types.getOrDefault(slot, slot.equals(SlotName.MEM) ? SlotType.BYTES : SlotType.COUNT);
    }

    private static BigDecimal size(SlotName slot, String text) {
        try {
            return BigDecimal.valueOf(BinarySize.parse(text));
        } catch (IllegalArgumentException e) {
            throw invalid(slot, String.valueOf(e.getMessage()));
        }
    }

    private static BigDecimal count(SlotName slot, String text) {
        if (!COUNT_FORM.matcher(text).matches()) {
            throw invalid(slot, "must be a number such as 1 or 0.5, at most 9 digits and 4 decimals");
        }
        return new BigDecimal(text);
    }

    private static BigDecimal unique(SlotName slot, String text) {
        if (!text.equals("0") && !text.equals("1")) {
            throw invalid(slot, "must be 0 or 1");
        }
        return new BigDecimal(text);
    }

    private static SlipwayException invalid(SlotName slot, String reason) {
        return SlipwayException.invalid("resources." + slot, reason);
    }
}
