package io.slipway.agent.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Copies exactly so many bytes: what a file has beyond is left out, what it lacks is filled up with zeros. */
final class ExactCopy {

    private static final int PIECE = 65_536;

    private ExactCopy() {}

    static void copy(ReadableByteChannel from, long length, OutputStream out) throws IOException {
        var buffer = ByteBuffer.allocate((int) Math.min(PIECE, Math.max(1, length)));
        var left = length;
        while (left > 0) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), left));
            var count = from.read(buffer);
            if (count < 0) {
                fill(left, out);
                return;
            }
            out.write(buffer.array(), 0, count);
            left -= count;
        }
    }

    private static void fill(long length, OutputStream out) throws IOException {
        var zeros = new byte[(int) Math.min(PIECE, length)];
        for (var left = length; left > 0; left -= zeros.length) {
            out.write(zeros, 0, (int) Math.min(zeros.length, left));
        }
    }
}
