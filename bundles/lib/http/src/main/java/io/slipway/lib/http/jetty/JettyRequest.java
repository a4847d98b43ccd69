package io.slipway.lib.http.jetty;

import io.slipway.lib.http.BodyTooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request of Jetty as one of ours. Confined to the request's thread. */
final class JettyRequest implements io.slipway.lib.http.Request {

    private static final byte[] NOTHING = {};
    private static final long LINGER_BYTES = 4_194_304;

    private final Request request;
    private final int maxBodyBytes;
    private final OpenSockets open;
    private final BodyRoom room;
    private int taken;
    private byte @Nullable [] body;
    private @Nullable InputStream stream;

    JettyRequest(Request request, int maxBodyBytes, OpenSockets open, BodyRoom room) {
        this.request = request;
        this.maxBodyBytes = maxBodyBytes;
        this.open = open;
        this.room = room;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String target() {
        return request.getHttpURI().getPathQuery();
    }

    @Override
    public String path() {
        return request.getHttpURI().getPath();
    }

    @Override
    public String rawQuery() {
        var query = request.getHttpURI().getQuery();
        return query == null ? "" : query;
    }

    @Override
    public String host() {
        var host = request.getHeaders().get(HttpHeader.HOST);
        if (host != null) {
            return host;
        }
        var authority = request.getHttpURI().getAuthority();
        return authority == null ? "" : authority;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public String peer() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public boolean wantsWebSocket() {
        return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    }

    @Override
    public boolean isServerStopping() {
        return open.isStopping();
    }

    @Override
    public boolean hasBody() {
        var length = request.getLength();
        return length > 0 || (length < 0 && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    @Override
    public byte[] body() throws IOException {
        if (stream != null && body == null) {
            throw new IllegalStateException("the body is read as a stream");
        }
        var known = body;
        if (known == null) {
            known = hasBody() ? readBody() : NOTHING;
            body = known;
        }
        return known;
    }

    private byte[] readBody() throws IOException {
        if (request.getLength() > maxBodyBytes) {
            throw new BodyTooLargeException(maxBodyBytes);
        }
        var in = Content.Source.asInputStream(request);
        stream = in;
        byte[] bytes;
        try {
            bytes = in.readNBytes(Math.min(maxBodyBytes + 1, BodyRoom.FREE));
            if (bytes.length == BodyRoom.FREE) {
                bytes = readLarge(in, bytes);
            }
        } catch (HttpException.RuntimeException e) {
            throw new IOException("Malformed body", e);
        }
        if (bytes.length > maxBodyBytes) {
            throw new BodyTooLargeException(maxBodyBytes);
        }
        return bytes;
    }

    /** What comes is paid for as it comes: who announces much and sends little takes little. */
    private byte[] readLarge(InputStream in, byte[] beginning) throws IOException {
        var whole = new ByteArrayOutputStream(2 * BodyRoom.FREE);
        whole.write(beginning);
        for (var piece = beginning; piece.length == BodyRoom.FREE && whole.size() <= maxBodyBytes; ) {
            room.take(BodyRoom.FREE);
            taken += BodyRoom.FREE;
            piece = in.readNBytes(Math.min(BodyRoom.FREE, maxBodyBytes + 1 - whole.size()));
            whole.write(piece);
        }
        return whole.toByteArray();
    }

    /** Gives back what the body took; at the end of the exchange. */
    void release() {
        room.give(taken);
        taken = 0;
        body = NOTHING;
    }

    @Override
    public InputStream bodyStream() {
        if (body != null) {
            throw new IllegalStateException("the body was read as a whole");
        }
        var in = stream;
        if (in == null) {
            in = Content.Source.asInputStream(request);
            stream = in;
        }
        return in;
    }

    /** Returns whether nothing of a body is left to read. */
    boolean isConsumed() {
        return body != null || !hasBody();
    }

    /** Reads and forgets what is left of the body, up to a limit. */
    void drain() throws IOException {
        var in = stream == null ? Content.Source.asInputStream(request) : stream;
        in.skip(LINGER_BYTES);
    }
}
