package io.slipway.plugin.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches files over HTTP, up to a size and for a time. */
final class Download {

    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final int BUFFER = 1 << 16;
    private static final int OK = 200;

    private final Duration connectLimit;
    private final Duration limit;

    /**
     * Creates one.
     *
     * @param limit from the request to the last byte
     */
    Download(Duration connectLimit, Duration limit) {
        this.connectLimit = connectLimit;
        this.limit = limit;
    }

    /** Writes what a URL has into a file. */
    void fetch(URI url, Path file, long mostBytes) throws IOException {
        var end = System.nanoTime() + limit.toNanos();
        var client = HttpClient.newBuilder()
                .connectTimeout(connectLimit)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        try {
            var request = HttpRequest.newBuilder(url).timeout(limit).GET().build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body();
                    var out = Files.newOutputStream(file)) {
                if (response.statusCode() != OK) {
                    throw new IOException(shown(url) + " answers " + response.statusCode());
                }
                closeAt(end, body);
                copy(url, body, out, mostBytes, end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", e);
        } finally {
            client.shutdownNow();
        }
    }

    private void copy(URI url, InputStream in, OutputStream out, long most, long end) throws IOException {
        var buffer = new byte[BUFFER];
        long total = 0;
        try {
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
                if (total > most) {
                    throw new TooLargeException(shown(url) + " is larger than " + most + " bytes");
                }
                out.write(buffer, 0, read);
            }
        } catch (TooLargeException e) {
            throw e;
        } catch (IOException e) {
            throw System.nanoTime() - end >= 0 ? late(url, e) : e;
        }
        if (System.nanoTime() - end >= 0) {
            throw late(url, null);
        }
    }

    private IOException late(URI url, @org.jspecify.annotations.Nullable IOException cause) {
        return new IOException(shown(url) + " has not come within " + limit.toSeconds() + " s", cause);
    }

    /** A read of the body has no limit of its own. */
    private static void closeAt(long end, InputStream body) {
        var later = CompletableFuture.delayedExecutor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        var _ = CompletableFuture.runAsync(
                () -> {
                    try {
                        body.close();
                    } catch (IOException e) {
                        LOG.debug("A download cannot be closed", e);
                    }
                },
                later);
    }

    /** Without what may be secret. */
    static String shown(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + url.getPath();
    }

    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String message) {
            super(message);
        }
    }
}
