package io.slipway.lib.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** What a response carries. */
public sealed interface ResponseBody {

    /** Returns no body. */
    static ResponseBody none() {
        return None.NONE;
    }

    /** Returns a body of bytes, which are not copied and must not change. */
    static ResponseBody of(byte[] bytes) {
        return new Whole(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    /** No body. */
    enum None implements ResponseBody {
        /** The only one. */
        NONE
    }

    /**
     * A body that is there already; sent with its length.
     *
     * @param bytes read-only
     */
    record Whole(ByteBuffer bytes) implements ResponseBody {}

    /**
     * A body that is made while it is sent. Each write goes to the client at once and blocks while the client is slow.
     *
     * @param length in bytes, sent as {@code Content-Length}; below zero if unknown, then it is sent in chunks
     * @param writer writes it, on the request's thread
     */
    record Streamed(long length, Writer writer) implements ResponseBody {}

    /** Writes a body. */
    @FunctionalInterface
    interface Writer {

        /**
         * Writes all of it; need not close the stream.
         *
         * @throws IOException if the client is gone; the server then drops the connection
         */
        void writeTo(OutputStream out) throws IOException;
    }
}
