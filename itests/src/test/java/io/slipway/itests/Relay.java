package io.slipway.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A port between a client and a server, as a proxy would be: connections can be cut, and wait while the server is away. It
 * notes what the server said.
 */
final class Relay implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long PAUSE_MILLIS = 100;

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    Relay(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    /** Waits until the server has said something so often. */
    void await(String words, int times) {
        Await.until(LIMIT, () -> String.join("", said), text -> text.split(words, -1).length > times);
    }

    /** Cuts what is open now. */
    void cut() {
        open.forEach(Relay::close);
    }

    private void accept() {
        try {
            while (true) {
                var client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            cut(); // the door is closed
        }
    }

    private void serve(Socket client) {
        try (var server = connect()) {
            open.add(server);
            var back = Thread.ofVirtual().start(() -> pump(server, client, true));
            pump(client, server, false);
            back.join();
        } catch (IOException e) {
            close(client); // as if the server had refused it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                return socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > end || door.isClosed()) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Copies until one of both ends, and then ends the other. */
    private void pump(Socket from, Socket to, boolean isNoted) {
        try {
            copy(from.getInputStream(), to.getOutputStream(), isNoted);
        } catch (IOException e) {
            // cut: the other side is told below
            open.remove(from);
        } finally {
            close(from);
            close(to);
        }
    }

    private void copy(InputStream in, OutputStream out, boolean isNoted) throws IOException {
        var buffer = new byte[8_192];
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            if (isNoted) {
                said.add(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
