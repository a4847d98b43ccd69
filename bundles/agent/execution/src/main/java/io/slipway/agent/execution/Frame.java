package io.slipway.agent.execution;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message between agent and driver: a header line {@code KIND RUN NUMBER LENGTH} and a payload.
 *
 * @param kind what it is
 * @param run the run it is about, or {@code -}
 * @param number sequence number of a record, or what the kind says
 * @param payload the rest; read-only by convention, nobody else holds it
 */
record Frame(String kind, String run, long number, ByteBuffer payload) {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Returns a frame without payload. */
    static Frame of(String kind, String run, long number) {
        return new Frame(kind, run, number, NOTHING);
    }

    /** Returns a frame with text. */
    static Frame of(String kind, String run, long number, String text) {
        return new Frame(kind, run, number, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the payload as text; what is no UTF-8 is replaced. */
    String text() {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    /** Returns the bytes to send. */
    ByteBuffer[] encoded() {
        var header = kind + ' ' + run + ' ' + number + ' ' + payload.remaining() + '\n';
        return new ByteBuffer[] {ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8)), payload.duplicate()};
    }
}
