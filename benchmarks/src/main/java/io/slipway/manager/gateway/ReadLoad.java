package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** The same signed request over and over on some connections, by plain sockets, so that the client costs little. */
final class ReadLoad {

    private ReadLoad() {}

    /**
     * What is asked.
     *
     * @param host address and port
     * @param accessKey who asks
     * @param secretKey what signs
     * @param path what for
     */
    record Target(String host, String accessKey, String secretKey, String path) {

        byte[] request() {
            var date = OffsetDateTime.now(ZoneOffset.UTC);
            var text = String.join(
                    "\n",
                    "GET",
                    path,
                    date.toString(),
                    "host:" + host,
                    "content-type:text/plain",
                    "x-backendai-version:" + ApiVersion.CURRENT,
                    Authorization.Hash.SHA256.emptyDigest());
            var signature =
                    SignatureCheck.signature(secretKey.getBytes(UTF_8), date, host, text, Authorization.Hash.SHA256);
            return String.join(
                            "\r\n",
                            "GET " + path + " HTTP/1.1",
                            "Host: " + host,
                            "User-Agent: slipway-benchmark",
                            "Content-Type: text/plain",
                            "Date: " + date,
                            "X-BackendAI-Version: " + ApiVersion.CURRENT,
                            "Authorization: BackendAI signMethod=HMAC-SHA256, credential=" + accessKey + ":"
                                    + signature,
                            "",
                            "")
                    .getBytes(ISO_8859_1);
        }

        Socket connect() throws IOException {
            var colon = host.lastIndexOf(':');
            var socket = new Socket(host.substring(0, colon), Integer.parseInt(host.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            return socket;
        }
    }

    /** Returns the body of one answer. */
    static byte[] fetch(Target target) throws IOException {
        try (var socket = target.connect()) {
            socket.getOutputStream().write(target.request());
            return answer(socket.getInputStream());
        }
    }

    /** Asks for some time; returns answers per second. */
    static double run(Target target, int connections, Duration duration) throws Exception {
        var request = target.request();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            var end = System.nanoTime() + duration.toNanos();
            Callable<Long> asking = () -> ask(target, request, end);
            var asked = new ArrayList<java.util.concurrent.Future<Long>>();
            for (var i = 0; i < connections; i++) {
                asked.add(threads.submit(asking));
            }
            var total = 0L;
            for (var count : asked) {
                total += count.get();
            }
            return total / (duration.toNanos() / 1e9);
        }
    }

    private static long ask(Target target, byte[] request, long end) throws IOException {
        var count = 0L;
        try (var socket = target.connect()) {
            var in = new BufferedInputStream(socket.getInputStream(), 16_384);
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(request);
                answer(in);
                count++;
            }
        }
        return count;
    }

    private static byte[] answer(InputStream in) throws IOException {
        var status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(status);
        }
        var length = -1;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        return in.readNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder(64);
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
