package io.slipway.itests;

import java.net.http.WebSocket;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An open stream of a run that counts; notes every number that does not follow the one before. */
final class StreamWatch implements WebSocket.Listener, AutoCloseable {

    private static final String CODE = """
            import itertools, time
            for number in itertools.count(1):
                print(number, flush=True)
                time.sleep(0.01)
            """;

    private final AtomicLong last = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final StringBuilder message = new StringBuilder();
    private final StringBuilder line = new StringBuilder();
    private final WebSocket socket;

    StreamWatch(SignedHttp http, String session) {
        socket = http.socket("/stream/session/" + session + "/execute", this);
        socket.sendText(Api.text(java.util.Map.of("mode", "query", "code", CODE)), true)
                .join();
    }

    /** Returns the last number that came. */
    long last() {
        return last.get();
    }

    /** Returns what was wrong with the stream; none if all numbers came, each once and in order. */
    Queue<String> faults() {
        return faults;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean isLast) {
        message.append(data);
        if (isLast) {
            read(message.toString());
            message.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    private void read(String text) {
        var frame = Api.json(text);
        if (!frame.path("status").asText().equals("continued")) {
            faults.add("after " + last + " came " + text);
        }
        for (var piece : frame.path("console")) {
            for (var letter : piece.get(1).asText().toCharArray()) {
                if (letter == '\n') {
                    next(line.toString());
                    line.setLength(0);
                } else {
                    line.append(letter);
                }
            }
        }
    }

    private void next(String number) {
        var before = last.get();
        if (!number.equals(Long.toString(before + 1))) {
            faults.add(before + " was followed by " + number);
        }
        if (number.matches("\\d{1,18}")) {
            last.set(Long.parseLong(number));
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
        if (!socket.isOutputClosed()) {
            faults.add("closed after " + last + ": " + status + " " + reason);
        }
        closed.complete(null);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        faults.add("broken after " + last + ": " + error);
        closed.complete(null);
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        closed.completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
    }
}
