package io.slipway.plugin.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Promotable} does, so that it changes hands between two versions, there and back, and is never lost. Extend
 * it beside the contract of the SPI.
 *
 * @param <T> the provider
 */
@NullUnmarked // the test framework fills the fields
public abstract class PromotableContract<T extends Promotable> {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int ROUNDS = 3;

    private T old;
    private T young;

    /** For subclasses. */
    protected PromotableContract() {}

    /**
     * Returns a new standby, as a version that is started beside the others, over the same files and devices each time.
     *
     * @throws Exception if it cannot be made; the test fails
     */
    protected abstract T standby() throws Exception;

    /**
     * Ends one as a stop of its bundle would.
     *
     * @throws Exception if it cannot; the test fails
     */
    protected abstract void stop(T provider) throws Exception;

    /**
     * Uses it as its callers do.
     *
     * @throws Exception if it does not serve, as a standby must not
     */
    protected abstract void use(T provider) throws Exception;

    /**
     * Gives it state that the next version must have; nothing, if no such state exists.
     *
     * @param name other than those before
     * @throws Exception if it does not serve
     */
    protected void leave(T provider, String name) throws Exception {}

    /**
     * Fails if it has no state that was given under a name; nothing, if no such state exists.
     *
     * @throws Exception if it does not serve
     */
    protected void find(T provider, String name) throws Exception {}

    Duration limit() {
        return LIMIT;
    }

    @BeforeEach
    void startBoth() throws Exception {
        old = standby();
        young = standby();
    }

    @AfterEach
    void stopBoth() throws Exception {
        stop(young);
        stop(old);
    }

    @Test
    void servesNobodyBeforeItIsPromoted() throws Exception {
        assertServesNobody(old);
        promote(old, Optional.empty());
        use(old);
        assertServesNobody(young);
    }

    @Test
    void handsOverThereAndBack() throws Exception {
        promote(old, Optional.empty());
        leave(old, "first");
        for (var round = 0; round < ROUNDS; round++) {
            promote(young, demote(old));
            assertServesNobody(old);
            use(young);
            find(young, "first");
            leave(young, "there" + round);

            promote(old, demote(young));
            assertServesNobody(young);
            use(old);
            find(old, "first");
            find(old, "there" + round);
        }
    }

    @Test
    void refusesStateThatItDoesNotKnowAndOwnsNothingThen() throws Exception {
        promote(old, Optional.empty());
        leave(old, "first");
        var state = demote(old);
        assertRefuses(young, unknown(state));
        assertServesNobody(young);
        promote(old, state);
        use(old);
        find(old, "first");
    }

    @Test
    void aRefusalLeavesTheOwner() throws Exception {
        promote(old, Optional.empty());
        leave(old, "first");
        assertRefuses(young, unknown(Optional.empty()));
        use(old);
        find(old, "first");
        assertServesNobody(young);
    }

    @Test
    void saysWhatItWouldMoveAndMovesNothing() throws Exception {
        promote(old, Optional.empty());
        leave(old, "first");
        for (var line : assertTimeoutPreemptively(limit(), old::stateToMove)) {
            assertFalse(line.isBlank(), "a line for the operator says nothing");
            assertTrue(line.lines().count() == 1, () -> "more than one line: " + line);
        }
        use(old);
        find(old, "first");
        promote(young, demote(old));
        find(young, "first");
    }

    @Test
    void servesAgainAfterTheOwnerHasStopped() throws Exception {
        promote(old, Optional.empty());
        use(old);
        stop(old);
        assertServesNobody(old);
        promote(young, Optional.empty());
        use(young);
    }

    private void promote(T provider, Optional<HandedState> state) {
        assertTimeoutPreemptively(limit(), () -> provider.promote(state), "does not take over in time");
    }

    private Optional<HandedState> demote(T provider) {
        return assertTimeoutPreemptively(limit(), provider::demote, "does not give up in time");
    }

    private void assertRefuses(T provider, HandedState state) {
        var refusal = assertThrows(
                PromotionException.class,
                () -> provider.promote(Optional.of(state)),
                "takes over with state that it cannot know");
        assertFalse(String.valueOf(refusal.getMessage()).isBlank(), "the operator is not told why");
    }

    private void assertServesNobody(T provider) {
        assertThrows(Exception.class, () -> use(provider), "a standby serves");
    }

    private static HandedState unknown(Optional<HandedState> known) {
        return new HandedState(Integer.MAX_VALUE, known.map(HandedState::values).orElse(Map.of("of", "another time")));
    }
}
