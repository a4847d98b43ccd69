package io.slipway.agent.execution;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.ExecuteReply.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run and its output that nobody has fetched yet. Every field is guarded by the lock of the {@link RunTable}. */
final class Run {

    /** Output that is reason enough to answer before the time is over; well below what a driver holds back at. */
    static final int ENOUGH = 512 << 10;

    private static final int MAX_REPLY = 1 << 20;
    private static final long STILL_ASKED_NANOS = 500_000_000;
    private static final int OVERHEAD = 128;

    /** The end of a step of batch mode: CLEAN_FINISHED or BUILD_FINISHED, and its exit status. */
    record Step(Status status, int exitCode) {}

    private record Piece(
            long sequence,
            @Nullable ConsoleRecord record,
            @Nullable Step step,
            int weight) {}

    /** What a caller gets, and what may be acknowledged once it is on its way. */
    record Taken(ExecuteReply reply, long sequence) {

        /** Returns the end of a run whose kernel vanished. */
        static Taken gone(String run) {
            return new Taken(new ExecuteReply(run, Status.FINISHED, Limits.GONE, false, List.of()), 0);
        }
    }

    final String id;
    String code;
    boolean isSent;
    boolean isTold; // the driver told of it, so its code is no longer needed here
    boolean isAbandoned;
    int callers;
    long askedAtNanos;
    RunState state = new RunState.Running();

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int weight;
    private int steps;
    private long dropped;
    private long lastTaken;
    private long lastSeen;
    private @Nullable ExecuteReply lastReply;
    private int keptWeight;

    Run(String id, String code, long nowNanos) {
        this.id = id;
        this.code = code;
        this.askedAtNanos = nowNanos;
    }

    /** Adds output of so many bytes; returns whether it was kept. */
    boolean add(long sequence, ConsoleRecord record, int bytes) {
        lastSeen = sequence;
        var size = bytes + OVERHEAD;
        if (isAbandoned && weight + size > ENOUGH) {
            dropped += bytes;
            return false;
        }
        pieces.add(new Piece(sequence, record, null, size));
        weight += size;
        return true;
    }

    /** Adds the end of a step; returns whether it was kept. */
    boolean add(long sequence, Step step) {
        lastSeen = sequence;
        if (isAbandoned && weight + OVERHEAD > ENOUGH) {
            return false;
        }
        pieces.add(new Piece(sequence, null, step, OVERHEAD));
        weight += OVERHEAD;
        steps++;
        return true;
    }

    /** Throws away what was kept. */
    void dropAll() {
        pieces.clear();
        dropped += weight;
        weight = 0;
        steps = 0;
    }

    /** Says whether somebody waits for it or did just now; short calls must not leave its output unread. */
    boolean isAskedFor() {
        return callers > 0 || System.nanoTime() - askedAtNanos < STILL_ASKED_NANOS;
    }

    int weight() {
        return weight;
    }

    long lastSeen() {
        return lastSeen;
    }

    long lastTaken() {
        return lastTaken;
    }

    boolean isFinished() {
        return state instanceof RunState.Finished;
    }

    /** Says whether its end was handed to a caller. */
    boolean isOver() {
        return lastReply != null;
    }

    /** Returns about how many characters its end takes that is kept for callers who ask again. */
    int keptWeight() {
        return keptWeight;
    }

    /** Returns about how many bytes of the heap it takes. */
    long heldBytes() {
        return 2L * (weight + keptWeight + code.length());
    }

    /** Says whether a caller should be answered now. */
    boolean isDue() {
        return weight >= ENOUGH || steps > 0 || !(state instanceof RunState.Running);
    }

    /** Takes output for a reply. The end, once told, is told again in the same words. */
    Taken take() {
        if (lastReply != null) {
            return new Taken(lastReply, 0);
        }
        isAbandoned = false;
        var console = new Console();
        if (dropped > 0) {
            console.add(ConsoleRecord.text(
                    ConsoleRecord.Kind.STDERR, "[slipway] " + dropped + " bytes were dropped: nobody asked\n"));
            dropped = 0;
        }
        for (var piece = pieces.peek(); piece != null && console.size() < MAX_REPLY; piece = pieces.peek()) {
            weight -= piece.weight();
            lastTaken = piece.sequence();
            pieces.remove();
            if (piece.step() != null) {
                steps--;
                return reply(piece.step().status(), piece.step().exitCode(), false, console);
            }
            if (piece.record() != null) {
                console.add(piece.record());
            }
        }
        return pieces.isEmpty() ? atState(console) : reply(Status.CONTINUED, null, false, console);
    }

    private Taken atState(Console console) {
        return switch (state) {
            case RunState.Running running -> reply(Status.CONTINUED, null, false, console);
            case RunState.AwaitingInput input -> {
                lastTaken = Math.max(lastTaken, input.sequence());
                yield reply(Status.WAITING_INPUT, null, input.isPassword(), console);
            }
            case RunState.Finished finished -> {
                lastTaken = Math.max(lastTaken, finished.sequence());
                var taken = reply(Status.FINISHED, finished.exitCode(), false, console);
                lastReply = taken.reply();
                keptWeight = console.size();
                yield taken;
            }
        };
    }

    private Taken reply(Status status, @Nullable Integer exitCode, boolean isPassword, Console console) {
        return new Taken(new ExecuteReply(id, status, exitCode, isPassword, console.records()), lastTaken);
    }
}
