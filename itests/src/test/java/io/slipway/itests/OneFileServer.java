package io.slipway.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Answers every request over HTTP with one file, as soon as it may. */
final class OneFileServer implements AutoCloseable {

    private final ServerSocket door;
    private final Path file;
    private final CountDownLatch gate = new CountDownLatch(1);

    private OneFileServer(Path file) throws IOException {
        this.file = file;
        door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Starts one that answers at once. */
    static OneFileServer of(Path file) throws IOException {
        var server = slow(file);
        server.open();
        return server;
    }

    /** Starts one that lets everybody wait until it is told to {@link #open}. */
    static OneFileServer slow(Path file) throws IOException {
        return new OneFileServer(file);
    }

    /** From now on it gives its file. */
    void open() {
        gate.countDown();
    }

    String url() {
        return "http://127.0.0.1:" + door.getLocalPort() + "/" + file.getFileName();
    }

    private void accept() {
        try {
            while (true) {
                var caller = door.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            }
        } catch (IOException e) {
            open(); // the door is closed: nobody waits any more
        }
    }

    private void serve(Socket caller) {
        try (caller) {
            caller.setSoTimeout(10_000);
            var in = caller.getInputStream();
            for (var end = 0; end < 4; ) { // the empty line behind the headers
                var next = in.read();
                end = next < 0 ? 4 : next == "\r\n\r\n".charAt(end) ? end + 1 : next == '\r' ? 1 : 0;
            }
            if (!gate.await(10, TimeUnit.MINUTES)) {
                return;
            }
            var head = "HTTP/1.1 200 OK\r\nContent-Length: " + Files.size(file) + "\r\nConnection: close\r\n\r\n";
            caller.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            Files.copy(file, caller.getOutputStream());
            caller.getOutputStream().flush();
            caller.shutdownOutput();
        } catch (IOException e) {
            System.getLogger(OneFileServer.class.getName()).log(System.Logger.Level.DEBUG, "a caller is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
