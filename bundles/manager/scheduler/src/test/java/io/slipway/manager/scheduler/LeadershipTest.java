package io.slipway.manager.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.api.SharedConfig;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class LeadershipTest {

    private long now;
    private final Leases leases = new Leases();

    private Leadership leadership(String owner) {
        return new Leadership(leases, "default", owner, () -> now);
    }

    @Test
    void oneOfTwoLeadsAndTheOtherFollowsWhenItGivesUp() {
        var one = leadership("one");
        var other = leadership("other");
        assertEquals(OptionalLong.of(1), one.token());
        assertTrue(other.token().isEmpty());
        one.giveUp();
        now += TimeUnit.SECONDS.toNanos(2);
        assertEquals(OptionalLong.of(2), other.token());
        assertTrue(one.token().isEmpty());
    }

    @Test
    void asksForTheLeaseOnlyNowAndThen() {
        var one = leadership("one");
        for (int i = 0; i < 100; i++) {
            assertTrue(one.token().isPresent());
        }
        assertEquals(1, leases.asked);
    }

    @Test
    void leadsOnThroughAShortFailureOfTheStoreButNotThroughALongOne() {
        var one = leadership("one");
        assertTrue(one.token().isPresent());
        leases.isAway = true;
        now += TimeUnit.SECONDS.toNanos(3);
        assertTrue(one.token().isPresent());
        now += TimeUnit.SECONDS.toNanos(3);
        assertTrue(one.token().isEmpty());
    }

    @Test
    void asksAtOnceAfterADoubt() {
        var one = leadership("one");
        assertTrue(one.token().isPresent());
        one.doubt();
        assertTrue(one.token().isPresent());
        assertEquals(2, leases.asked);
    }

    /** Leases without time: who holds one keeps it until it gives it back. */
    private static final class Leases implements SharedConfig {

        private String holder = "";
        private long token;
        private int asked;
        private boolean isAway;

        @Override
        public Optional<Long> acquireLease(String name, String owner, Duration timeToLive) {
            if (isAway) {
                throw new SlipwayException(FailureCode.UNAVAILABLE, "store is away");
            }
            asked++;
            if (holder.isEmpty()) {
                holder = owner;
                token++;
            }
            return holder.equals(owner) ? Optional.of(token) : Optional.empty();
        }

        @Override
        public void releaseLease(String name, String owner) {
            holder = holder.equals(owner) ? "" : holder;
        }

        @Override
        public Optional<String> get(String key) {
            return Optional.empty();
        }

        @Override
        public SortedMap<String, String> list(String prefix) {
            return new TreeMap<>();
        }

        @Override
        public void put(Map<String, String> pairs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long delete(String key, boolean prefix) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AutoCloseable watch(String prefix, BiConsumer<String, Optional<String>> listener) {
            throw new UnsupportedOperationException();
        }
    }
}
