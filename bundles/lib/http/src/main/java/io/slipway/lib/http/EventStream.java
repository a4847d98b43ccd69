package io.slipway.lib.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes Server-Sent Events. Each call goes to the client at once and blocks while the client is slow. Not thread-safe.
 */
public final class EventStream {

    /**
     * Closing the connection ends the stream, not a last chunk: clients take a stream that lacks its last chunk, as its server
     * was killed, for damaged, and some do not come back after that.
     */
    private static final List<Header> HEADERS = List.of(
            new Header("Connection", "close"),
            new Header("Content-Type", "text/event-stream"),
            new Header("Cache-Control", "no-cache"),
            new Header("X-Accel-Buffering", "no"));

    private final OutputStream out;

    private EventStream(OutputStream out) {
        this.out = out;
    }

    /** Returns a response that is a stream of events, written by a source on the request's thread until it returns. */
    public static Response response(Source source) {
        ResponseBody.Writer writer = out -> source.writeTo(new EventStream(out));
        return new Response(200, HEADERS, new ResponseBody.Streamed(-1, writer));
    }

    /**
     * Sends an event.
     *
     * @param name its name, one line
     * @param data its data, may have several lines
     * @throws IOException if the client is gone
     */
    public void send(String name, String data) throws IOException {
        write(event(name, data).append('\n').toString());
    }

    /**
     * Sends an event that a client can name when it comes back, as {@code Last-Event-ID}.
     *
     * @param id one line
     * @param name its name, one line
     * @param data its data, may have several lines
     * @throws IOException if the client is gone
     */
    public void send(String id, String name, String data) throws IOException {
        write(event(name, data)
                .append("id: ")
                .append(oneLine(id))
                .append("\n\n")
                .toString());
    }

    /**
     * Sends an event that also tells how long to wait before coming back after a break.
     *
     * @param retry milliseconds to browsers; other clients may take it for seconds
     * @throws IOException if the client is gone
     */
    public void send(String name, String data, int retry) throws IOException {
        write(event(name, data).append("retry: ").append(retry).append("\n\n").toString());
    }

    private static StringBuilder event(String name, String data) {
        var text = new StringBuilder(name.length() + data.length() + 40);
        text.append("event: ").append(oneLine(name)).append('\n');
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        if (data.isEmpty()) {
            text.append("data: \n");
        }
        return text;
    }

    /**
     * Sends an id without an event: a client that is cut off before its first event names it when it comes back.
     *
     * @param id one line
     * @throws IOException if the client is gone
     */
    public void mark(String id) throws IOException {
        write("id: " + oneLine(id) + "\n\n");
    }

    /** Sends a line that clients skip; keeps the connection alive and finds out whether the client is gone. */
    public void keepAlive() throws IOException {
        write(": \n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String oneLine(String name) {
        if (name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("an event's name is one line");
        }
        return name;
    }

    /** Where events come from. */
    @FunctionalInterface
    public interface Source {

        /**
         * Sends events until there are no more.
         *
         * @throws IOException if the client is gone
         */
        void writeTo(EventStream events) throws IOException;
    }
}
