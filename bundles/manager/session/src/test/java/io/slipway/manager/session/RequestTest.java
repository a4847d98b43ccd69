package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.PolicySnapshot;
import io.slipway.manager.store.PolicySnapshot.Use;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

    private static final SlotName GPU = new SlotName("cuda.device");
    private static final SlotName TPU = new SlotName("tpu.pod");
    private final ResourceWish wish = new ResourceWish(Map.of(
            SlotName.CPU, SlotType.COUNT, SlotName.MEM, SlotType.BYTES, GPU, SlotType.COUNT, TPU, SlotType.UNIQUE));

    @ParameterizedTest
    @ValueSource(strings = {"abcd", "a.-b", "_x-y_", "mysess01", "1234"})
    void acceptsNamesOfTheWireRule(String name) {
        assertDoesNotThrow(() -> RequestChecks.name("name", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-abc", "abc-", "ab cd", "äbcd", "ab/cd", "", "from-template", "abcd\n"})
    void refusesOtherNames(String name) {
        var failure = assertThrows(SlipwayException.class, () -> RequestChecks.name("name", name));
        assertEquals(FailureCode.INVALID_PARAMETERS, failure.code());
        assertTrue(failure.data().containsKey("name"));
    }

    @Test
    void nameHasAtMost64Characters() {
        assertDoesNotThrow(() -> RequestChecks.name("name", "x".repeat(64)));
        assertThrows(SlipwayException.class, () -> RequestChecks.name("name", "x".repeat(65)));
    }

    @Test
    void fillsInTheMinimumOfTheImage() {
        var minimum = SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.TWO, GPU, BigDecimal.ONE));
        var slots = wish.resolve(Map.of("mem", "512m"), minimum);
        assertEquals(BigDecimal.TWO, slots.get(SlotName.CPU));
        assertEquals(BigDecimal.ONE, slots.get(GPU));
        assertEquals(BigDecimal.valueOf(512L << 20), slots.get(SlotName.MEM));
    }

    @ParameterizedTest
    @CsvSource({
        "cpu, 0.5, below the minimum",
        "cpu, -1, must be a number",
        "cpu, 1e9, must be a number",
        "cpu, 99999999999, must be a number",
        "cpu, one, must be a number",
        "cpu, '', must be a number",
        "mem, 5x, is not a size",
        "mem, 1k, below the minimum of the image",
        "tpu.pod, 2, must be 0 or 1",
        "rocm.device, 1, 'known are cpu, cuda.device, mem, tpu.pod'"
    })
    void namesFieldAndFixOfAWrongResource(String slot, String text, String words) {
        var minimum =
                SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.ONE, SlotName.MEM, BigDecimal.valueOf(256L << 20)));
        var failure = assertThrows(SlipwayException.class, () -> wish.resolve(Map.of(slot, text), minimum));
        assertEquals(FailureCode.INVALID_PARAMETERS, failure.code());
        var reason = String.valueOf(failure.data().get("resources." + slot));
        assertTrue(reason.contains(words), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2g", "1g", "x"})
    void sharedMemoryMustBeASizeBelowMemory(String text) {
        var slots = SlotAmounts.of(SlotName.MEM, BigDecimal.valueOf(1L << 30));
        assertThrows(SlipwayException.class, () -> RequestChecks.sharedMemory(Map.of("shmem", text), slots));
        assertEquals(64L << 20, RequestChecks.sharedMemory(Map.of("shmem", "64m"), slots));
    }

    @Test
    void policyRefusesInWords() {
        assertEquals(Optional.empty(), refusal(9, 0, 1));
        assertEquals(Optional.of("10 of 10 concurrent sessions in use (keypair policy default)"), refusal(10, 0, 1));
        assertEquals(Optional.of("3 of 3 pending sessions (keypair policy default)"), refusal(5, 3, 1));
        assertEquals(Optional.of("2 cpu asked for, 3 of 4 in use (keypair policy default)"), refusal(5, 0, 2));
    }

    private Optional<String> refusal(int live, int pending, int cpu) {
        var policy = new KeypairPolicy("default", Samples.slots(4), true, 10, 1, 3);
        var use = new Use(live, pending, Samples.slots(3));
        var snapshot = new PolicySnapshot(policy, use, SlotAmounts.NONE, use, SlotAmounts.NONE, use);
        return new PolicyRule(1, Samples.slots(cpu), wish).refusal(snapshot);
    }

    @Test
    void slotsThatAPolicyDoesNotMentionAreUnlimitedOrNoneAsItSays() {
        var request = SlotAmounts.of(GPU, BigDecimal.ONE);
        for (var isOpen : List.of(true, false)) {
            var policy = new KeypairPolicy("p", Samples.slots(4), isOpen, 0, 1, 0);
            var use = new Use(0, 0, SlotAmounts.NONE);
            var snapshot = new PolicySnapshot(policy, use, SlotAmounts.NONE, use, SlotAmounts.NONE, use);
            assertEquals(
                    isOpen, new PolicyRule(1, request, wish).refusal(snapshot).isEmpty());
        }
    }

    @Test
    void projectAndDomainLimitWhatTheyMention() {
        var policy = new KeypairPolicy("p", SlotAmounts.NONE, true, 0, 1, 0);
        var none = new Use(0, 0, SlotAmounts.NONE);
        var used = new Use(0, 0, Samples.slots(4));
        var byProject = new PolicySnapshot(policy, none, Samples.slots(4), used, SlotAmounts.NONE, none);
        assertEquals(
                Optional.of("1 cpu asked for, 4 of 4 in use (limit of the project)"),
                new PolicyRule(1, Samples.slots(1), wish).refusal(byProject));
        var byDomain = new PolicySnapshot(policy, none, SlotAmounts.NONE, none, Samples.slots(4), used);
        assertEquals(
                Optional.of("1 cpu asked for, 4 of 4 in use (limit of the domain)"),
                new PolicyRule(1, Samples.slots(1), wish).refusal(byDomain));
    }

    @Test
    void aSessionHasAtMostAsManyKernelsAsItsPolicyAllows() {
        var policy = new KeypairPolicy("p", SlotAmounts.NONE, true, 0, 2, 0);
        var use = new Use(0, 0, SlotAmounts.NONE);
        var snapshot = new PolicySnapshot(policy, use, SlotAmounts.NONE, use, SlotAmounts.NONE, use);
        assertTrue(new PolicyRule(3, Samples.slots(3), wish).refusal(snapshot).isPresent());
    }
}
