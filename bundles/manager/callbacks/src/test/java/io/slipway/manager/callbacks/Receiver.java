package io.slipway.manager.callbacks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;

/** A web server of a few lines that answers as it is told, or not at all. */
final class Receiver implements AutoCloseable {

    final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private final ServerSocket server;
    private final IntFunction<String> answers;

    /** Answers the request of each number, from 0; an empty text hangs up, a blank one keeps silent. */
    Receiver(IntFunction<String> answers) throws IOException {
        this.answers = answers;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::run);
    }

    static String answer(int status) {
        return "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n";
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    private void run() {
        var number = 0;
        while (!server.isClosed()) {
            try {
                var line = server.accept();
                var answer = answers.apply(number++);
                Thread.ofVirtual().start(() -> serve(line, answer));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Each connection is for one request, so that requests can be counted. */
    private void serve(Socket line, String answer) {
        try {
            var reader = new BufferedReader(new InputStreamReader(line.getInputStream(), StandardCharsets.US_ASCII));
            heads.add(reader.readLine());
            var length = 0;
            for (var head = reader.readLine(); head != null && !head.isEmpty(); head = reader.readLine()) {
                if (head.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            head.substring(head.indexOf(':') + 1).strip());
                }
            }
            var body = new char[length];
            for (var at = 0; at < length; ) {
                at += reader.read(body, at, length - at);
            }
            bodies.add(new String(body));
            if (!answer.isBlank()) {
                line.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
            if (!answer.equals(" ")) {
                line.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
