package io.slipway.model.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.KernelStatus;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionTransitionsTest {

    /** The whole table once more, by hand: a change must be made twice and so on purpose. */
    private static final Map<String, String> ALLOWED = Map.of(
            "PENDING", "CANCELLED ERROR SCHEDULED",
            "SCHEDULED", "CREATING ERROR PENDING PREPARING PULLING RUNNING TERMINATED TERMINATING",
            "PREPARING", "CREATING ERROR PENDING PULLING RUNNING TERMINATED TERMINATING",
            "PULLING", "CREATING ERROR PENDING PREPARING RUNNING TERMINATED TERMINATING",
            "CREATING", "ERROR RUNNING TERMINATED TERMINATING",
            "RUNNING", "ERROR RESTARTING TERMINATED TERMINATING",
            "RESTARTING", "ERROR RUNNING TERMINATED TERMINATING",
            "TERMINATING", "ERROR TERMINATED");

    @Test
    void allowsExactlyTheListedMoves() {
        var actual = new TreeMap<String, String>();
        for (var from : SessionStatus.values()) {
            var next = Arrays.stream(SessionStatus.values())
                    .filter(to -> SessionTransitions.allows(from, to))
                    .map(SessionStatus::name)
                    .sorted()
                    .collect(Collectors.joining(" "));
            if (!next.isEmpty()) {
                actual.put(from.name(), next);
            }
        }

        assertEquals(new TreeMap<>(ALLOWED), actual);
    }

    @Test
    void terminalStatesAreExactlyThoseThatAreNeverLeft() {
        for (var status : SessionStatus.values()) {
            assertEquals(!SessionTransitions.TABLE.containsKey(status), status.isTerminal(), status.name());
        }
    }

    @Test
    void everyStateIsReachedFromPendingAndReachesATerminalState() {
        assertEquals(EnumSet.allOf(SessionStatus.class), reachable(SessionStatus.PENDING));
        for (var status : SessionStatus.values()) {
            assertTrue(reachable(status).stream().anyMatch(SessionStatus::isTerminal), status.name());
        }
    }

    @Test
    void onlyCreatingReadsOtherwiseForClients() {
        for (var status : SessionStatus.values()) {
            var expected = status == SessionStatus.CREATING ? "PREPARING" : status.name();
            assertEquals(expected, status.wireName());
        }
    }

    @Test
    void promotionNeverLeavesTheTable() {
        for (var now : SessionStatus.values()) {
            for (var one : KernelStatus.values()) {
                for (var other : KernelStatus.values()) {
                    var next = SessionTransitions.promote(now, List.of(one, other));
                    assertTrue(
                            next.isEmpty() || SessionTransitions.allows(now, next.get()),
                            now + " with " + one + " and " + other + " gave " + next);
                }
            }
        }
    }

    @Test
    void promotionDoesNotDependOnTheOrderOfKernels() {
        for (var now : SessionStatus.values()) {
            for (var one : KernelStatus.values()) {
                for (var other : KernelStatus.values()) {
                    assertEquals(
                            SessionTransitions.promote(now, List.of(one, other)),
                            SessionTransitions.promote(now, List.of(other, one)));
                }
            }
        }
    }

    @Test
    void aTerminalSessionIsNeverPromoted() {
        for (var now : EnumSet.of(SessionStatus.TERMINATED, SessionStatus.CANCELLED, SessionStatus.ERROR)) {
            for (var kernel : KernelStatus.values()) {
                assertEquals(Optional.empty(), SessionTransitions.promote(now, List.of(kernel)));
            }
        }
    }

    @Test
    void aSingleKernelLeadsItsSession() {
        for (var now : SessionStatus.values()) {
            for (var kernel : KernelStatus.values()) {
                var same = SessionStatus.valueOf(kernel.name());
                var expected = SessionTransitions.allows(now, same) ? Optional.of(same) : Optional.empty();
                assertEquals(expected, SessionTransitions.promote(now, List.of(kernel)), now + " with " + kernel);
            }
        }
    }

    @Test
    void theLeastAdvancedKernelDecides() {
        assertEquals(
                Optional.of(SessionStatus.CREATING),
                SessionTransitions.promote(
                        SessionStatus.PREPARING, List.of(KernelStatus.RUNNING, KernelStatus.CREATING)));
        assertEquals(
                Optional.empty(),
                SessionTransitions.promote(
                        SessionStatus.CREATING, List.of(KernelStatus.RUNNING, KernelStatus.CREATING)));
        assertEquals(
                Optional.of(SessionStatus.RUNNING),
                SessionTransitions.promote(
                        SessionStatus.CREATING, List.of(KernelStatus.RUNNING, KernelStatus.RUNNING)));
    }

    @Test
    void oneKernelGoneOrGoingEndsTheSession() {
        for (var bad : EnumSet.of(KernelStatus.TERMINATING, KernelStatus.TERMINATED, KernelStatus.ERROR)) {
            assertEquals(
                    Optional.of(SessionStatus.TERMINATING),
                    SessionTransitions.promote(SessionStatus.RUNNING, List.of(KernelStatus.RUNNING, bad)),
                    bad.name());
        }
    }

    @Test
    void allKernelsTerminalEndTheSessionForGood() {
        assertEquals(
                Optional.of(SessionStatus.ERROR),
                SessionTransitions.promote(
                        SessionStatus.TERMINATING, List.of(KernelStatus.TERMINATED, KernelStatus.ERROR)));
        assertEquals(
                Optional.of(SessionStatus.TERMINATED),
                SessionTransitions.promote(
                        SessionStatus.TERMINATING, List.of(KernelStatus.TERMINATED, KernelStatus.CANCELLED)));
        assertEquals(
                Optional.of(SessionStatus.CANCELLED),
                SessionTransitions.promote(
                        SessionStatus.PENDING, List.of(KernelStatus.CANCELLED, KernelStatus.CANCELLED)));
    }

    @Test
    void theTableCannotBeChanged() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> SessionTransitions.TABLE.put(SessionStatus.ERROR, Set.of(SessionStatus.RUNNING)));
        assertFalse(SessionTransitions.allows(SessionStatus.ERROR, SessionStatus.RUNNING));
    }

    private static Set<SessionStatus> reachable(SessionStatus start) {
        var seen = EnumSet.of(start);
        var todo = new ArrayDeque<>(seen);
        while (!todo.isEmpty()) {
            for (var next : SessionTransitions.TABLE.getOrDefault(todo.poll(), Set.of())) {
                if (seen.add(next)) {
                    todo.add(next);
                }
            }
        }
        return seen;
    }
}
