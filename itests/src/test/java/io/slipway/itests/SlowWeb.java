package io.slipway.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A web server with one file, which it gives when it may. */
final class SlowWeb implements AutoCloseable {

    private final Path file;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final ServerSocket door;

    SlowWeb(Path file) throws IOException {
        this.file = file;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + door.getLocalPort() + "/" + file.getFileName();
    }

    /** From now on it gives its file. */
    void open() {
        gate.countDown();
    }

    private void accept() {
        try {
            while (true) {
                var client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            open(); // the door is closed: nobody waits any more
        }
    }

    private void serve(Socket client) {
        try (client) {
            var request = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (var line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                Thread.onSpinWait();
            }
            if (gate.await(10, TimeUnit.MINUTES)) {
                var head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + Files.size(file) + "\r\n\r\n";
                client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                Files.copy(file, client.getOutputStream());
            }
        } catch (IOException e) {
            // whoever asked has been killed meanwhile
            Thread.onSpinWait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
