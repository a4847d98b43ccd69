package io.slipway.scheduling.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link SequencingPolicy} does. */
public abstract class SequencingPolicyContract {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** For subclasses. */
    protected SequencingPolicyContract() {}

    /** Returns the policy under test. */
    protected abstract SequencingPolicy policy();

    Duration limit() {
        return LIMIT;
    }

    /** Returns a session that waits; a later {@code second} is a later creation. */
    protected static PendingSession waiting(String owner, int priority, int second) {
        var id = new UUID(second, owner.hashCode());
        return new PendingSession(new SessionId(id), owner, "project", priority, START.plusSeconds(second), cpu(1));
    }

    /** Returns so many cores. */
    protected static SlotAmounts cpu(int amount) {
        return SlotAmounts.of(SlotName.CPU, BigDecimal.valueOf(amount));
    }

    @Test
    void putsTheHigherPriorityFirst() {
        var order = policy().order(usage());
        assertTrue(order.compare(waiting("a", 20, 1), waiting("b", 10, 2)) < 0);
        assertTrue(order.compare(waiting("a", 20, 2), waiting("b", 10, 1)) < 0);
    }

    @Test
    void ordersTheSameWayWhateverTheStart() {
        var sessions = sessions();
        var expected = sessions.stream().sorted(policy().order(usage())).toList();
        for (var seed = 0; seed < 20; seed++) {
            Collections.shuffle(sessions, new Random(seed));
            assertEquals(
                    expected, sessions.stream().sorted(policy().order(usage())).toList());
        }
    }

    @Test
    void ordersTheSameOnManyThreadsAndAfterARestart() {
        var sessions = List.copyOf(sessions());
        var shared = policy();
        var expected = sessions.stream().sorted(shared.order(usage())).toList();
        var orders = IntStream.range(0, 100)
                .parallel()
                .mapToObj(i -> sessions.stream()
                        .sorted((i % 2 == 0 ? shared : policy()).order(usage()))
                        .toList())
                .distinct()
                .toList();
        assertEquals(List.of(expected), orders);
    }

    @Test
    void ordersManyInTime() {
        var sessions = IntStream.range(0, 10_000)
                .mapToObj(i -> waiting("owner" + i % 100, i % 101, i))
                .toList();
        assertTimeoutPreemptively(
                limit(), () -> sessions.stream().sorted(policy().order(usage())).toList());
    }

    @Test
    void ordersTheSameOnAnInterruptedThread() throws Exception {
        var sessions = List.copyOf(sessions());
        var policy = policy();
        var expected = sessions.stream().sorted(policy.order(usage())).toList();
        var answer = Interrupted.answer(
                () -> sessions.stream().sorted(policy.order(usage())).toList(), limit());
        assertEquals(expected, answer);
        assertEquals(expected, sessions.stream().sorted(policy.order(usage())).toList(), "and after that");
    }

    @Test
    void isATotalOrder() {
        var order = policy().order(usage());
        var sessions = sessions();
        for (var one : sessions) {
            for (var other : sessions) {
                assertEquals(one.equals(other), order.compare(one, other) == 0);
                assertEquals(Integer.signum(order.compare(one, other)), -Integer.signum(order.compare(other, one)));
            }
        }
    }

    private static List<PendingSession> sessions() {
        return new ArrayList<>(IntStream.range(0, 30)
                .mapToObj(i -> waiting("owner" + i % 4, 10 + i % 3, i / 2))
                .distinct()
                .toList());
    }

    private static Usage usage() {
        return new Usage(cpu(100), Map.of("owner0", cpu(40), "owner1", cpu(10)));
    }
}
