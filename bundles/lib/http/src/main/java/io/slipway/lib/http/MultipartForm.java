package io.slipway.lib.http;

import io.slipway.lib.http.jetty.MultipartParsing;
import java.io.IOException;
import java.util.Optional;

/** Reads bodies of the type {@code multipart/form-data} piece by piece; nothing is kept. */
public final class MultipartForm {

    private MultipartForm() {}

    /**
     * Reads the body of a request to its end and hands over its parts in order. Blocks.
     *
     * @param maxParts the most parts
     * @throws MalformedException if it is no such body, has too many parts or ends too early
     * @throws IOException if the client broke off, or a receiver threw it
     */
    public static void read(Request request, int maxParts, Receiver receiver) throws IOException {
        MultipartParsing.read(request, maxParts, receiver);
    }

    /** Takes the parts. What it throws ends the reading and comes out of {@link #read}. */
    public interface Receiver {

        /**
         * A part begins.
         *
         * @param name of the form's field, may be empty
         * @param fileName as it was sent, decoded if it was percent-encoded; not to be trusted
         */
        void begin(String name, Optional<String> fileName) throws IOException;

        /** A piece of the part came; the bytes are valid only during the call. */
        void content(byte[] bytes, int from, int length) throws IOException;

        /** The part is complete. */
        void end() throws IOException;
    }

    /** A body that is not what it should be; answer 400. */
    public static final class MalformedException extends IOException {

        private static final long serialVersionUID = 1L;

        /** Creates the failure, in words for the client. */
        public MalformedException(String message) {
            super(message);
        }
    }
}
