package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.Transition;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.kernel.KernelTransitions;
import io.slipway.model.session.SessionStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MovesTest {

    private static final EndReason WHY = new EndReason(ExitReason.USER_REQUESTED);

    static Stream<SessionRecord> everyPair() {
        return Arrays.stream(KernelStatus.values())
                .flatMap(one -> Arrays.stream(KernelStatus.values())
                        .map(other -> Samples.session(SessionStatus.RUNNING, one, other)));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void everyMoveIsAllowedByTheTableAndGuardedByItsState(SessionRecord session) {
        Stream.of(
                        Moves.preparing(session, Samples.THEN),
                        Moves.backToQueue(session, "why", Samples.THEN),
                        Moves.failed(session, WHY, Samples.THEN),
                        Moves.ending(session, WHY, Samples.THEN))
                .flatMap(Optional::stream)
                .forEach(transition -> assertAllowed(session, transition));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void endingLeavesNoKernelThatNobodyEnds(SessionRecord session) {
        var moved =
                Moves.ending(session, WHY, Samples.THEN).map(Transition::moves).orElse(List.of());
        for (var kernel : session.kernels()) {
            var isMoved = moved.stream().anyMatch(move -> move.kernel().equals(kernel.id()));
            var needsNothing = kernel.status().isTerminal() || kernel.status() == KernelStatus.TERMINATING;
            assertEquals(!needsNothing, isMoved, kernel.status().name());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KernelStatus.class,
            names = {"PREPARING", "PULLING", "CREATING", "RUNNING", "RESTARTING", "TERMINATING"})
    void aGoneKernelTakesItsSiblingsAlong(KernelStatus status) {
        var session = Samples.session(SessionStatus.RUNNING, status, KernelStatus.RUNNING);
        var exit = new KernelExit(ExitReason.OUT_OF_MEMORY, 137, "");
        var transition = Moves.ended(session, session.mainKernel(), new KernelMove.Ended(exit, "log"), Samples.THEN);
        assertAllowed(session, transition);
        assertTrue(transition.moves().getFirst().to().isTerminal());
        assertEquals(KernelStatus.TERMINATING, transition.moves().getLast().to());
    }

    @Test
    void aKernelThatEndsBeforeItRanIsAnError() {
        var session = Samples.session(SessionStatus.CREATING, KernelStatus.CREATING);
        var exit = new KernelExit(ExitReason.SELF_TERMINATED, 0, "");
        var transition = Moves.ended(session, session.mainKernel(), new KernelMove.Ended(exit, ""), Samples.THEN);
        assertEquals(KernelStatus.ERROR, transition.moves().getFirst().to());
    }

    @Test
    void whatWeAskedForDecidesHowAnEndingKernelEnds() {
        var failed = new EndReason(ExitReason.START_TIMEOUT, "too slow").text();
        assertEquals(KernelStatus.ERROR, endOfTerminating(failed));
        assertEquals(KernelStatus.TERMINATED, endOfTerminating(ExitReason.FORCE_TERMINATED.wireName()));
    }

    private static KernelStatus endOfTerminating(String info) {
        var sample = Samples.session(SessionStatus.TERMINATING, KernelStatus.TERMINATING);
        var kernel = Samples.kernel(sample.id(), 0, KernelStatus.TERMINATING, info);
        var session = Samples.session(sample.id(), SessionStatus.TERMINATING, info, List.of(kernel));
        var exit = new KernelExit(ExitReason.FORCE_TERMINATED, null, "");
        return Moves.ended(session, kernel, new KernelMove.Ended(exit, ""), Samples.THEN)
                .moves()
                .getFirst()
                .to();
    }

    @Test
    void nothingGoesBackToTheQueueOnceACallToCreateWasAccepted() {
        var session = Samples.session(SessionStatus.PREPARING, KernelStatus.PREPARING, KernelStatus.CREATING);
        assertTrue(Moves.backToQueue(session, "why", Samples.THEN).isEmpty());
        assertTrue(Moves.failed(session, WHY, Samples.THEN).isEmpty());
    }

    @Test
    void runningTakesTwoStepsIfTheAgentWasQuickerThanTheNote() {
        var started = new KernelMove.Started("c", List.of(), List.of());
        var early = Samples.session(SessionStatus.PREPARING, KernelStatus.PREPARING);
        assertEquals(
                List.of(KernelStatus.CREATING, KernelStatus.RUNNING),
                Moves.running(early, early.mainKernel(), started, Samples.THEN).stream()
                        .map(transition -> transition.moves().getFirst().to())
                        .toList());
        var usual = Samples.session(SessionStatus.CREATING, KernelStatus.CREATING);
        assertEquals(
                1,
                Moves.running(usual, usual.mainKernel(), started, Samples.THEN).size());
    }

    private static void assertAllowed(SessionRecord session, Transition transition) {
        for (var move : transition.moves()) {
            var now = session.kernels().stream()
                    .filter(kernel -> kernel.id().equals(move.kernel()))
                    .findFirst()
                    .orElseThrow()
                    .status();
            assertTrue(move.expected().contains(now), now + " is not among " + move.expected());
            assertTrue(KernelTransitions.allows(now, move.to()), now + " to " + move.to());
        }
    }
}
