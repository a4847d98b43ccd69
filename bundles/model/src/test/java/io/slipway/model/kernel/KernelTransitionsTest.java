package io.slipway.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KernelTransitionsTest {

    /** The whole table once more, by hand: a change must be made twice and so on purpose. */
    private static final Map<String, String> ALLOWED = Map.of(
            "PENDING", "CANCELLED ERROR SCHEDULED",
            "SCHEDULED", "ERROR PENDING PREPARING TERMINATED TERMINATING",
            "PREPARING", "CREATING ERROR PENDING PULLING TERMINATED TERMINATING",
            "PULLING", "CREATING ERROR PENDING PREPARING TERMINATED TERMINATING",
            "CREATING", "ERROR RUNNING TERMINATED TERMINATING",
            "RUNNING", "ERROR RESTARTING TERMINATED TERMINATING",
            "RESTARTING", "ERROR RUNNING TERMINATED TERMINATING",
            "TERMINATING", "ERROR TERMINATED");

    @Test
    void allowsExactlyTheListedMoves() {
        var actual = new TreeMap<String, String>();
        for (var from : KernelStatus.values()) {
            var next = Arrays.stream(KernelStatus.values())
                    .filter(to -> KernelTransitions.allows(from, to))
                    .map(KernelStatus::name)
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
        for (var status : KernelStatus.values()) {
            assertEquals(!KernelTransitions.TABLE.containsKey(status), status.isTerminal(), status.name());
        }
    }

    @Test
    void stayingIsNoMove() {
        for (var status : KernelStatus.values()) {
            assertFalse(KernelTransitions.allows(status, status), status.name());
        }
    }

    @Test
    void everyStateIsReachedFromPendingAndReachesATerminalState() {
        assertEquals(EnumSet.allOf(KernelStatus.class), reachable(KernelStatus.PENDING));
        for (var status : KernelStatus.values()) {
            assertTrue(reachable(status).stream().anyMatch(KernelStatus::isTerminal), status.name());
        }
    }

    @Test
    void slotsAreHeldFromPlacementToTheEnd() {
        assertEquals(
                EnumSet.of(KernelStatus.PENDING, KernelStatus.TERMINATED, KernelStatus.CANCELLED, KernelStatus.ERROR),
                Arrays.stream(KernelStatus.values())
                        .filter(status -> !status.holdsSlots())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(KernelStatus.class))));
    }

    @Test
    void theTableCannotBeChanged() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> KernelTransitions.TABLE.put(KernelStatus.ERROR, Set.of(KernelStatus.RUNNING)));
        assertThrows(
                UnsupportedOperationException.class,
                () -> KernelTransitions.TABLE.get(KernelStatus.RUNNING).add(KernelStatus.PENDING));
    }

    private static Set<KernelStatus> reachable(KernelStatus start) {
        var seen = EnumSet.of(start);
        var todo = new ArrayDeque<>(seen);
        while (!todo.isEmpty()) {
            for (var next : KernelTransitions.TABLE.getOrDefault(todo.poll(), Set.of())) {
                if (seen.add(next)) {
                    todo.add(next);
                }
            }
        }
        return seen;
    }
}
