package io.slipway.model.slot;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * An immutable amount of each of some slots. A slot that is not mentioned has the amount zero.
 *
 * <p>Amounts are decimals without trailing zeros, so that equal amounts are equal values; they may be negative only as
 * the result of {@link #minus}.
 *
 * @param amounts amount by slot, unmodifiable, sorted by name, without zero amounts
 */
public record SlotAmounts(SortedMap<SlotName, BigDecimal> amounts) {

    /** Nothing of anything. */
    public static final SlotAmounts NONE = new SlotAmounts(new TreeMap<>());

    /** Copies, normalises and drops zeros. */
    public SlotAmounts {
        var copy = new TreeMap<SlotName, BigDecimal>();
        amounts.forEach((slot, amount) -> {
            if (amount.signum() != 0) {
                copy.put(slot, normal(amount));
            }
        });
        amounts = Collections.unmodifiableSortedMap(copy);
    }

    /** Returns these amounts as a value. */
    public static SlotAmounts of(Map<SlotName, BigDecimal> amounts) {
        return new SlotAmounts(new TreeMap<>(amounts));
    }

    /** Returns so much of one slot. */
    public static SlotAmounts of(SlotName slot, BigDecimal amount) {
        return of(Map.of(slot, amount));
    }

    /** Returns the amount of a slot, zero if not mentioned. */
    public BigDecimal get(SlotName slot) {
        return amounts.getOrDefault(slot, BigDecimal.ZERO);
    }

    /** Returns whether every amount is zero. */
    public boolean isEmpty() {
        return amounts.isEmpty();
    }

    /** Returns the sum slot by slot. */
    public SlotAmounts plus(SlotAmounts other) {
        return combine(other, BigDecimal::add);
    }

    /** Returns the difference slot by slot; it may have negative amounts. */
    public SlotAmounts minus(SlotAmounts other) {
        return combine(other, BigDecimal::subtract);
    }

    /** Returns whether each amount here is at most the amount there. */
    public boolean fitsInto(SlotAmounts capacity) {
        return amounts.entrySet().stream()
                .allMatch(entry -> entry.getValue().compareTo(capacity.get(entry.getKey())) <= 0);
    }

    private SlotAmounts combine(SlotAmounts other, BinaryOperator<BigDecimal> operation) {
        var result = new TreeMap<>(amounts);
        other.amounts.forEach((slot, amount) -> result.put(slot, operation.apply(get(slot), amount)));
        return new SlotAmounts(result);
    }

    private static BigDecimal normal(BigDecimal amount) {
        var stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
