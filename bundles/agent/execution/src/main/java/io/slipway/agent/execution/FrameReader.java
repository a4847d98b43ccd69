package io.slipway.agent.execution;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads frames from a driver that may be hostile: every length is checked before anything is allocated. */
final class FrameReader {

    /** Longest payload taken; a display value of 4 MiB and its type fit. */
    static final int MAX_PAYLOAD = (4 << 20) + 4096;

    /** Longest payload taken from who has not shown its token yet. */
    static final int MAX_HELLO = 1 << 10;

    /** Says when so many bytes may be taken; may wait. */
    interface Room {
        void await(int bytes) throws IOException;
    }

    private static final int MAX_HEADER = 200;
    private static final Pattern HEADER =
            Pattern.compile("([a-z]{2,16}) (-|[A-Za-z0-9_-]{1,64}) ([0-9]{1,18}) ([0-9]{1,9})");

    private final ReadableByteChannel source;
    private final ByteBuffer buffer = ByteBuffer.allocate(16_384).flip();

    FrameReader(ReadableByteChannel source) {
        this.source = source;
    }

    /**
     * Waits for the next frame.
     *
     * @param most longest payload
     * @param room asked before anything is allocated
     * @throws EOFException at the end
     * @throws BadFrameException if what comes is no frame
     */
    Frame next(int most, Room room) throws IOException {
        var header = header();
        var matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new BadFrameException("no frame header");
        }
        var length = Integer.parseInt(matcher.group(4));
        if (length > most) {
            throw new BadFrameException("frame of " + length + " bytes");
        }
        room.await(length);
        return new Frame(matcher.group(1), matcher.group(2), Long.parseLong(matcher.group(3)), payload(length));
    }

    private String header() throws IOException {
        var line = new byte[MAX_HEADER];
        for (var length = 0; length < MAX_HEADER; length++) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            line[length] = buffer.get();
            if (line[length] == '\n') {
                return new String(line, 0, length, StandardCharsets.ISO_8859_1);
            }
        }
        throw new BadFrameException("header longer than " + MAX_HEADER);
    }

    private void fill() throws IOException {
        buffer.clear();
        try {
            if (source.read(buffer) < 0) {
                throw new EOFException("the driver hung up");
            }
        } finally {
            buffer.flip();
        }
    }

    private ByteBuffer payload(int length) throws IOException {
        var payload = ByteBuffer.allocate(length);
        var here = Math.min(length, buffer.remaining());
        payload.put(buffer.slice(buffer.position(), here));
        buffer.position(buffer.position() + here);
        while (payload.hasRemaining()) {
            if (source.read(payload) < 0) {
                throw new EOFException("the driver hung up within a frame");
            }
        }
        return payload.flip();
    }
}
