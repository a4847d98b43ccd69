package io.slipway.model.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SlotAmountsTest {

    private static final SlotName GPU = new SlotName("cuda.device");

    @Test
    void equalAmountsAreEqualValuesHoweverTheyWereWritten() {
        var plain = amounts("2", "1024");
        assertEquals(plain, amounts("2.00", "1.024E+3"));
        assertEquals(plain.hashCode(), amounts("2.00", "1.024E+3").hashCode());
        assertEquals("1024", amounts("1", "1.024E+3").get(SlotName.MEM).toString());
    }

    @Test
    void aSlotThatIsNotMentionedIsZeroAndZerosAreNotMentioned() {
        var amounts = SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.ONE, GPU, new BigDecimal("0.000")));

        assertEquals(BigDecimal.ZERO, amounts.get(GPU));
        assertEquals(List.of(SlotName.CPU), List.copyOf(amounts.amounts().keySet()));
        assertTrue(SlotAmounts.of(GPU, BigDecimal.ZERO).isEmpty());
        assertEquals(SlotAmounts.NONE, SlotAmounts.of(GPU, BigDecimal.ZERO));
    }

    @Test
    void sumAndDifferenceGoSlotBySlot() {
        var one = amounts("1.5", "100");
        var other = SlotAmounts.of(Map.of(SlotName.CPU, new BigDecimal("0.5"), GPU, BigDecimal.ONE));

        var sum = one.plus(other);

        assertEquals(new BigDecimal("2"), sum.get(SlotName.CPU));
        assertEquals(new BigDecimal("100"), sum.get(SlotName.MEM));
        assertEquals(BigDecimal.ONE, sum.get(GPU));
        assertEquals(one, sum.minus(other));
        assertEquals(new BigDecimal("-1"), one.minus(other).get(GPU));
        assertTrue(one.minus(one).isEmpty());
    }

    @Test
    void fitsOnlyIfEverySlotFits() {
        var capacity = amounts("4", "1000");

        assertTrue(amounts("4", "1000").fitsInto(capacity));
        assertTrue(SlotAmounts.NONE.fitsInto(capacity));
        assertFalse(amounts("4.001", "1").fitsInto(capacity));
        assertFalse(amounts("1", "1001").fitsInto(capacity));
        assertFalse(SlotAmounts.of(GPU, BigDecimal.ONE).fitsInto(capacity), "a slot that the capacity lacks");
    }

    @Test
    void manyAdditionsAndSubtractionsInAnyOrderLeaveNothing() {
        var random = new Random(42);
        var held = new java.util.ArrayList<SlotAmounts>();
        var total = SlotAmounts.NONE;
        for (var i = 0; i < 2_000; i++) {
            if (held.isEmpty() || random.nextInt(3) > 0) {
                var cores = BigDecimal.valueOf(random.nextInt(1, 6400), 2);
                var next = SlotAmounts.of(
                        Map.of(SlotName.CPU, cores, SlotName.MEM, BigDecimal.valueOf(random.nextLong(1, 1L << 40))));
                held.add(next);
                total = total.plus(next);
            } else {
                total = total.minus(held.remove(random.nextInt(held.size())));
            }
        }
        for (var amounts : held) {
            total = total.minus(amounts);
        }
        assertEquals(SlotAmounts.NONE, total);
    }

    @Test
    void cannotBeChangedFromOutside() {
        var source = new TreeMap<>(Map.of(SlotName.CPU, BigDecimal.ONE));
        var amounts = new SlotAmounts(source);
        source.put(SlotName.MEM, BigDecimal.TEN);

        assertEquals(BigDecimal.ZERO, amounts.get(SlotName.MEM));
        assertThrows(
                UnsupportedOperationException.class, () -> amounts.amounts().put(SlotName.MEM, BigDecimal.TEN));
    }

    @Test
    void slotNamesAreLowerCaseWords() {
        for (var good : List.of("cpu", "mem", "cuda.device", "cuda.mig-10g", "rocm.device", "a")) {
            assertEquals(good, new SlotName(good).value());
        }
        for (var bad : List.of("", "CPU", "cuda.", ".cuda", "cuda..device", "1cpu", "cu da", "x".repeat(65))) {
            assertThrows(IllegalArgumentException.class, () -> new SlotName(bad), bad);
        }
    }

    private static SlotAmounts amounts(String cores, String bytes) {
        return SlotAmounts.of(Map.of(SlotName.CPU, new BigDecimal(cores), SlotName.MEM, new BigDecimal(bytes)));
    }
}
