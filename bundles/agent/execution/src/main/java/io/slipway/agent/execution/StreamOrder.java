package io.slipway.agent.execution;

import io.slipway.agent.api.ConsoleRecord.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts what two streams tell into the order of batch mode: a step is over when both streams have its mark, and what a
 * stream says behind the mark comes after it, however far the other stream is behind. Not thread-safe.
 */
final class StreamOrder {

    /** Where the pieces go. */
    interface Listener {

        /** Takes text of so many bytes. */
        void text(Kind kind, String text, int bytes);

        /** Takes the end of a step. */
        void step(String mark, int status);
    }

    /** Code may print a mark that never comes on the other stream, so no more than this is held back for it. */
    static final int MAX_HELD = 64 << 10;

    private static final List<Kind> STREAMS = List.of(Kind.STDOUT, Kind.STDERR);

    private record Piece(@Nullable String mark, int status, String text, int bytes) {}

    private final Listener listener;
    private final Map<Kind, Deque<Piece>> held = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> heldBytes = new EnumMap<>(Kind.class);

    StreamOrder(Listener listener) {
        this.listener = listener;
    }

    /** Takes text of a stream. */
    void text(Kind kind, String text, int bytes) {
        add(kind, new Piece(null, 0, text, bytes));
    }

    /** Takes a stream's mark of the end of a step. */
    void mark(Kind kind, String mark, int status) {
        add(kind, new Piece(mark, status, "", mark.length()));
    }

    /** Hands on all text that waits for a mark; the marks are forgotten. */
    void flush() {
        for (var kind : STREAMS) {
            flush(kind);
        }
    }

    private void flush(Kind kind) {
        var pieces = queue(kind);
        for (var piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            if (piece.mark() == null) {
                listener.text(kind, piece.text(), piece.bytes());
            }
        }
        heldBytes.remove(kind);
    }

    private void add(Kind kind, Piece piece) {
        queue(kind).add(piece);
        if (heldBytes.merge(kind, piece.bytes(), Integer::sum) > MAX_HELD && isHeld(kind)) {
            flush(kind);
        }
        drain();
    }

    private void drain() {
        STREAMS.forEach(this::texts);
        for (var step = commonMark(); step != null; step = commonMark()) {
            STREAMS.forEach(this::take);
            listener.step(String.valueOf(step.mark()), step.status());
            STREAMS.forEach(this::texts);
        }
    }

    private void texts(Kind kind) {
        for (var piece = queue(kind).peek();
                piece != null && piece.mark() == null;
                piece = queue(kind).peek()) {
            take(kind);
            listener.text(kind, piece.text(), piece.bytes());
        }
    }

    /** Returns the mark that both streams wait at, if they do; one that the other stream has passed is dropped. */
    private @Nullable Piece commonMark() {
        var out = queue(Kind.STDOUT).peek();
        var err = queue(Kind.STDERR).peek();
        if (out == null || err == null) {
            return null;
        }
        if (!String.valueOf(out.mark()).equals(err.mark())) {
            flush();
            return null;
        }
        return out;
    }

    private boolean isHeld(Kind kind) {
        var head = queue(kind).peek();
        return head != null && head.mark() != null;
    }

    private void take(Kind kind) {
        heldBytes.merge(kind, -queue(kind).remove().bytes(), Integer::sum);
    }

    private Deque<Piece> queue(Kind kind) {
        return held.computeIfAbsent(kind, any -> new ArrayDeque<>());
    }
}
