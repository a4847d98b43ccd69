package io.slipway.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers every request over HTTP with one file. */
final class OneFileServer implements AutoCloseable {

    private final ServerSocket door;
    private final Path file;

    OneFileServer(Path file) throws IOException {
        this.file = file;
        door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + door.getLocalPort() + "/" + file.getFileName();
    }

    private void serve() {
        while (!door.isClosed()) {
            try (var caller = door.accept()) {
                caller.setSoTimeout(10_000);
                var in = caller.getInputStream();
                for (var end = 0; end < 4; ) { // the empty line behind the headers
                    var next = in.read();
                    end = next < 0 ? 4 : next == "\r\n\r\n".charAt(end) ? end + 1 : next == '\r' ? 1 : 0;
                }
                var head = "HTTP/1.1 200 OK\r\nContent-Length: " + Files.size(file) + "\r\nConnection: close\r\n\r\n";
                caller.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                Files.copy(file, caller.getOutputStream());
                caller.getOutputStream().flush();
                caller.shutdownOutput();
            } catch (IOException e) {
                System.getLogger(OneFileServer.class.getName()).log(System.Logger.Level.DEBUG, "a caller is gone", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
