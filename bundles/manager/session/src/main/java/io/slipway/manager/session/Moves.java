package io.slipway.manager.session;

import static io.slipway.model.kernel.KernelStatus.CANCELLED;
import static io.slipway.model.kernel.KernelStatus.CREATING;
import static io.slipway.model.kernel.KernelStatus.ERROR;
import static io.slipway.model.kernel.KernelStatus.PENDING;
import static io.slipway.model.kernel.KernelStatus.PREPARING;
import static io.slipway.model.kernel.KernelStatus.PULLING;
import static io.slipway.model.kernel.KernelStatus.RESTARTING;
import static io.slipway.model.kernel.KernelStatus.RUNNING;
import static io.slipway.model.kernel.KernelStatus.SCHEDULED;
import static io.slipway.model.kernel.KernelStatus.TERMINATING;

import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.Transition;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each decision of this bundle means for the kernels of a session. Pure; the guards are in the moves. */
final class Moves {

    /** Nothing was asked of an agent but to make an image ready: such a kernel may go back to the queue. */
    static final Set<KernelStatus> BEFORE_CREATION = Set.of(SCHEDULED, PREPARING, PULLING);

    /** An agent has or may have a container. */
    static final Set<KernelStatus> PLACED =
            Set.of(SCHEDULED, PREPARING, PULLING, CREATING, RUNNING, RESTARTING, TERMINATING);

    private static final Set<KernelStatus> IMAGE = Set.of(PREPARING, PULLING);

    private Moves() {}

    /** Agents begin to make images ready. */
    static Optional<Transition> preparing(SessionRecord session, Instant at) {
        return all(session, Set.of(SCHEDULED), PREPARING, "", at);
    }

    /** An image is pulled for one kernel. */
    static Transition pulling(SessionRecord session, KernelId kernel, Instant at) {
        return one(session, KernelMove.of(kernel, Set.of(PREPARING), PULLING), "", at);
    }

    /** An agent accepted one kernel. */
    static Transition creating(SessionRecord session, KernelId kernel, Instant at) {
        return one(session, KernelMove.of(kernel, IMAGE, CREATING), "", at);
    }

    /** One kernel runs; may be two steps, since the agent can be faster than the note that it accepted the kernel. */
    static List<Transition> running(
            SessionRecord session, KernelRecord kernel, KernelMove.Started started, Instant at) {
        var run =
                one(session, new KernelMove(kernel.id(), Set.of(CREATING, RESTARTING), RUNNING, started, null), "", at);
        return IMAGE.contains(kernel.status()) ? List.of(creating(session, kernel.id(), at), run) : List.of(run);
    }

    /** The containers of all kernels are started anew; only if all of them run. */
    static Optional<Transition> restarting(SessionRecord session, Instant at) {
        return session.kernels().stream().allMatch(kernel -> kernel.status() == RUNNING)
                ? all(session, Set.of(RUNNING), RESTARTING, "", at)
                : Optional.empty();
    }

    /** All kernels wait for other agents; only if none of them can have a container. */
    static Optional<Transition> backToQueue(SessionRecord session, String why, Instant at) {
        return session.kernels().stream().allMatch(kernel -> BEFORE_CREATION.contains(kernel.status()))
                ? all(session, BEFORE_CREATION, PENDING, why, at)
                : Optional.empty();
    }

    /** The session fails; only if none of its kernels can have a container. */
    static Optional<Transition> failed(SessionRecord session, EndReason why, Instant at) {
        if (session.kernels().stream().anyMatch(kernel -> !BEFORE_CREATION.contains(kernel.status()))) {
            return Optional.empty();
        }
        var ended = new KernelMove.Ended(why.exit(), "");
        var moves = session.kernels().stream()
                .map(kernel -> new KernelMove(kernel.id(), Set.of(kernel.status()), ERROR, null, ended))
                .toList();
        return Optional.of(new Transition(session.id(), moves, why.text(), at));
    }

    /** The session ends: what waits is cancelled, what may have a container ends when its agent confirms. */
    static Optional<Transition> ending(SessionRecord session, EndReason why, Instant at) {
        var moves = new ArrayList<KernelMove>();
        session.kernels().forEach(kernel -> end(kernel, why).ifPresent(moves::add));
        return moves.isEmpty() ? Optional.empty() : Optional.of(new Transition(session.id(), moves, why.text(), at));
    }

    /** One kernel is gone; its siblings cannot go on without it. */
    static Transition ended(SessionRecord session, KernelRecord gone, KernelMove.Ended ended, Instant at) {
        var why = EndReason.of(ended.exit());
        var moves = new ArrayList<KernelMove>();
        moves.add(new KernelMove(gone.id(), Set.of(gone.status()), terminalState(gone, why), null, ended));
        session.kernels().stream()
                .filter(kernel -> !kernel.id().equals(gone.id()))
                .forEach(kernel -> end(kernel, why).ifPresent(moves::add));
        var text = gone.status() == TERMINATING
                ? EndReason.parse(gone.statusInfo()).text()
                : why.text();
        return new Transition(session.id(), moves, text, at);
    }

    private static KernelStatus terminalState(KernelRecord gone, EndReason told) {
        return switch (gone.status()) {
            // what we asked for decides, not how the agent saw it
            case TERMINATING -> EndReason.parse(gone.statusInfo()).terminalState();
            case RUNNING, RESTARTING -> told.terminalState();
            case PENDING, SCHEDULED, PREPARING, PULLING, CREATING -> ERROR;
            case TERMINATED, CANCELLED, ERROR ->
                throw new IllegalStateException("kernel " + gone.id() + " ended before: " + gone.status());
        };
    }

    private static Optional<KernelMove> end(KernelRecord kernel, EndReason why) {
        return switch (kernel.status()) {
            case PENDING ->
                Optional.of(new KernelMove(
                        kernel.id(), Set.of(PENDING), CANCELLED, null, new KernelMove.Ended(why.exit(), "")));
            case SCHEDULED, PREPARING, PULLING, CREATING, RUNNING, RESTARTING ->
                Optional.of(KernelMove.of(kernel.id(), Set.of(kernel.status()), TERMINATING));
            case TERMINATING, TERMINATED, CANCELLED, ERROR -> Optional.empty();
        };
    }

    private static Optional<Transition> all(
            SessionRecord session, Set<KernelStatus> from, KernelStatus to, String why, Instant at) {
        var moves = session.kernels().stream()
                .filter(kernel -> from.contains(kernel.status()))
                .map(kernel -> KernelMove.of(kernel.id(), from, to))
                .toList();
        return moves.isEmpty() ? Optional.empty() : Optional.of(new Transition(session.id(), moves, why, at));
    }

    private static Transition one(SessionRecord session, KernelMove move, String why, Instant at) {
        return new Transition(session.id(), List.of(move), why, at);
    }
}
