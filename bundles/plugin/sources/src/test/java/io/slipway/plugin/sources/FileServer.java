package io.slipway.plugin.sources;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Serves a folder over HTTP; whatever begins with {@code /slow} gets one byte and then nothing. */
final class FileServer implements AutoCloseable {

    private final Path folder;
    private final ServerSocket socket;
    private final List<Socket> held = new CopyOnWriteArrayList<>();

    FileServer(Path folder) throws IOException {
        this.folder = folder;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url(String path) {
        return "http://127.0.0.1:" + socket.getLocalPort() + path;
    }

    private void accept() {
        try {
            while (!socket.isClosed()) {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void answer(Socket client) {
        try {
            var reader = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            var path = reader.readLine().split(" ", 3)[1].replaceFirst("\\?.*", "");
            for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                // the headers say nothing that matters
            }
            if (path.startsWith("/slow")) {
                held.add(client);
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx".getBytes(StandardCharsets.UTF_8));
                client.getOutputStream().flush();
                return;
            }
            var file = folder.resolve(path.substring(1));
            var body = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            var status = Files.exists(file) ? "200 OK" : "404 Not Found";
            client.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().write(body);
            client.close();
        } catch (IOException e) {
            held.add(client); // the client went away; closed with the rest
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (var client : held) {
            client.close();
        }
    }
}
