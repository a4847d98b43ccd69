package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Properties;
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
            return request("GET", path, new byte[0]);
        }

        byte[] request(String method, String path, byte[] body) {
            var date = OffsetDateTime.now(ZoneOffset.UTC);
            var type = body.length == 0 ? "text/plain" : "application/json";
            var text = String.join(
                    "\n",
                    method,
                    path,
                    date.toString(),
                    "host:" + host,
                    "content-type:" + type,
                    "x-backendai-version:" + ApiVersion.CURRENT,
                    Authorization.Hash.SHA256.emptyDigest());
            var signature =
                    SignatureCheck.signature(secretKey.getBytes(UTF_8), date, host, text, Authorization.Hash.SHA256);
            var head = String.join(
                    "\r\n",
                    method + " " + path + " HTTP/1.1",
                    "Host: " + host,
                    "User-Agent: slipway-benchmark",
                    "Content-Type: " + type,
                    "Content-Length: " + body.length,
                    "Date: " + date,
                    "X-BackendAI-Version: " + ApiVersion.CURRENT,
                    "Authorization: BackendAI signMethod=HMAC-SHA256, credential=" + accessKey + ":" + signature,
                    "",
                    "");
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(head.getBytes(ISO_8859_1));
            bytes.writeBytes(body);
            return bytes.toByteArray();
        }

        Socket connect() throws IOException {
            var colon = host.lastIndexOf(':');
            var socket = new Socket(host.substring(0, colon), Integer.parseInt(host.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            return socket;
        }
    }

    /** Returns a session at the server that a {@code client.env} is of. */
    static Target live(Path environment, String session) throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(environment)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                var equals = line.indexOf('=');
                if (equals > 0) {
                    var key = line.substring(0, equals).replaceFirst("^export ", "");
                    settings.put(key, line.substring(equals + 1).replaceAll("^['\"]|['\"]$", ""));
                }
            }
        }
        return new Target(
                settings.getProperty("BACKEND_ENDPOINT").replaceFirst("^http://", ""),
                settings.getProperty("BACKEND_ACCESS_KEY"),
                settings.getProperty("BACKEND_SECRET_KEY"),
                "/session/" + session);
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

    static byte[] answer(InputStream in) throws IOException {
        var status = line(in);
        var length = -1;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        var body = in.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IOException(status + ": " + new String(body, UTF_8));
        }
        return body;
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
