package io.slipway.lib.http.jetty;

import io.slipway.lib.http.MultipartForm;
import io.slipway.lib.http.MultipartForm.MalformedException;
import io.slipway.lib.http.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** Jetty's parser of multipart bodies, fed piece by piece from a stream. Confined to one thread. */
public final class MultipartParsing {

    private static final int PIECE = 16_384;
    private static final int HEADER_BYTES = 8_192;
    private static final String TYPE = "multipart/form-data";

    private MultipartParsing() {}

    /** Reads a body; see {@link MultipartForm#read}. */
    public static void read(Request request, int maxParts, MultipartForm.Receiver receiver) throws IOException {
        var type = request.header("Content-Type").orElse("");
        var boundary = type.toLowerCase(Locale.ROOT).startsWith(TYPE) ? MultiPart.extractBoundary(type) : null;
        if (boundary == null || boundary.isEmpty() || boundary.length() > 200) {
            throw new MalformedException("The body must be " + TYPE + " with a boundary");
        }
        var listener = new Listener(receiver);
        var parser = new MultiPart.Parser(boundary, listener);
        parser.setMaxParts(maxParts);
        parser.setPartHeadersMaxLength(HEADER_BYTES);
        var bytes = new byte[PIECE];
        var in = request.bodyStream();
        for (var count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            feed(parser, ByteBuffer.wrap(bytes, 0, count), false);
            listener.check();
        }
        feed(parser, ByteBuffer.allocate(0), true);
        listener.check();
        if (!listener.isComplete) {
            throw new MalformedException("The body ends before its last boundary");
        }
    }

    @SuppressWarnings("IllegalCatch") // foreign code: it tells malformed bodies by exceptions of many types
    private static void feed(MultiPart.Parser parser, ByteBuffer piece, boolean isLast) throws IOException {
        try {
            parser.parse(Content.Chunk.from(piece, isLast));
        } catch (RuntimeException e) {
            throw new MalformedException("The body is malformed: " + e.getMessage());
        }
    }

    /** Hands parts on; keeps the first failure, because the parser swallows what its listeners throw. */
    private static final class Listener extends MultiPart.AbstractPartsListener {

        private final MultipartForm.Receiver receiver;
        private @Nullable IOException failure;
        private @Nullable RuntimeException crash;
        private boolean isComplete;

        Listener(MultipartForm.Receiver receiver) {
            this.receiver = receiver;
        }

        private interface Step {
            void run() throws IOException;
        }

        @SuppressWarnings("IllegalCatch") // boundary to foreign code, which swallows what a listener throws
        private void step(Step step) {
            if (failure == null && crash == null) {
                try {
                    step.run();
                } catch (IOException e) {
                    failure = e;
                } catch (RuntimeException e) {
                    crash = e;
                }
            }
        }

        void check() throws IOException {
            if (crash != null) {
                throw crash;
            }
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void onPartHeaders() {
            var name = getName();
            var fileName = getFileName();
            step(() -> receiver.begin(
                    name == null ? "" : name, Optional.ofNullable(fileName).map(Listener::decoded)));
        }

        private static String decoded(String fileName) {
            try {
                // a plus sign is a plus sign here
                return URLDecoder.decode(fileName.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return fileName;
            }
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            var buffer = chunk.getByteBuffer();
            var bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            step(() -> receiver.content(bytes, 0, bytes.length));
        }

        @Override
        public void onPart(@Nullable String name, @Nullable String fileName, HttpFields headers) {
            step(receiver::end);
        }

        @Override
        public void onComplete() {
            isComplete = true;
        }

        @Override
        public void onFailure(Throwable cause) {
            if (failure == null && crash == null) {
                failure = new MalformedException("The body is malformed: " + cause.getMessage());
            }
        }
    }
}
