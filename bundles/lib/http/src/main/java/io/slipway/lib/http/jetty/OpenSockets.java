package io.slipway.lib.http.jetty;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The WebSockets of a server whose talk goes on, and whether the server stops. Thread-safe. */
final class OpenSockets {

    private final Set<JettySocket> talking = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopping;

    void add(JettySocket socket) {
        talking.add(socket);
        if (isStopping) {
            socket.wake();
        }
    }

    void remove(JettySocket socket) {
        talking.remove(socket);
    }

    boolean isStopping() {
        return isStopping;
    }

    /**
     * Tells every talk that the server stops and lets it say goodbye. Interrupts nobody: a thread may be in the midst of
     * something that an interrupt would break, such as the file of an embedded database.
     */
    void stop(Duration patience) {
        isStopping = true;
        talking.forEach(JettySocket::wake);
        var end = System.nanoTime() + patience.toNanos();
        for (var socket : talking) {
            socket.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
