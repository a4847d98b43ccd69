package io.slipway.manager.callbacks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Brings texts by HTTP. The address that it connects to is the one that was looked up and allowed. Thread-safe. */
final class HttpCourier implements Courier {

    private static final int FIRST_FAILURE = 300;
    private static final Http1Config SHORT_HEAD =
            Http1Config.custom().setMaxHeaderCount(100).setMaxLineLength(8_192).build();

    private final CloseableHttpClient client;
    private final Duration longest;

    /**
     * Opens nothing yet.
     *
     * @param timeout of one attempt
     * @param attempts how many
     * @param pause before each further attempt
     */
    HttpCourier(Targets targets, Duration timeout, int attempts, Duration pause) {
        longest = timeout.multipliedBy(2L * attempts).plus(pause.multipliedBy(attempts));
        var limit = Timeout.of(timeout);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new AllowedAddresses(targets))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(SHORT_HEAD)
                        .build())
                .setMaxConnTotal(Deliveries.AT_ONCE)
                .setMaxConnPerRoute(Deliveries.AT_ONCE)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(limit)
                        .setSocketTimeout(limit)
                        .build())
                .build();
        client = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(limit)
                        .setConnectionRequestTimeout(limit)
                        .build())
                .setRetryStrategy(new Again(attempts - 1, TimeValue.of(pause)))
                .setUserAgent("Slipway")
                // events are rare, and a connection that was kept may be closed by the time of the next
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    @Override
    public void post(URI target, String json) throws IOException {
        var request = new HttpPost(target);
        request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
        // who answers a byte at a time would keep each single limit
        var guard = Thread.ofVirtual().name("slipway-callback-limit").start(() -> cancelLater(request));
        try {
            var answer = client.executeOpen(null, request, null);
            // else closing would read the answer, which may be without end
            request.cancel();
            Closer.closeQuietly(answer);
            if (answer.getCode() >= FIRST_FAILURE) {
                throw new IOException("it answered " + answer.getCode());
            }
        } finally {
            guard.interrupt();
        }
    }

    private void cancelLater(HttpPost request) {
        try {
            TimeUnit.NANOSECONDS.sleep(longest.toNanos());
            request.cancel();
        } catch (InterruptedException e) {
            // it was in time
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** Finds the addresses of a host, and of those only the ones that may be called. */
    private record AllowedAddresses(Targets targets) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            var allowed = Stream.of(InetAddress.getAllByName(host))
                    .filter(address -> targets.allows(host, address))
                    .toArray(InetAddress[]::new);
            if (allowed.length == 0) {
                throw new UnknownHostException("this server may not call the addresses that its name has now");
            }
            return allowed;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /** Receivers know an event that comes twice by its text, so a second attempt does no harm. */
    private static final class Again extends DefaultHttpRequestRetryStrategy {

        private final int most;
        private final TimeValue pause;

        Again(int most, TimeValue pause) {
            super(most, pause);
            this.most = most;
            this.pause = pause;
        }

        @Override
        public boolean retryRequest(HttpRequest request, IOException failure, int count, HttpContext context) {
            var isFinal = failure instanceof UnknownHostException
                    || failure instanceof SSLException
                    || failure.getClass() == InterruptedIOException.class;
            return count <= most && !isFinal;
        }

        @Override
        public TimeValue getRetryInterval(HttpRequest request, IOException failure, int count, HttpContext context) {
            return pause;
        }

        @Override
        protected boolean handleAsIdempotent(HttpRequest request) {
            return true;
        }
    }
}
