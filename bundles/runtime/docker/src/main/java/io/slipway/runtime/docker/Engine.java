package io.slipway.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The line to the engine: every call has a limit and fails in words. Opened when first used. Thread-safe. */
final class Engine {

    /** For calls that only ask. */
    static final Duration SHORT = Duration.ofSeconds(10);

    private static final Duration PING = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** Shorter, since sessions are refused while there is no engine. */
    private static final long OBSTACLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MOST_CONNECTIONS = 512;

    private final DockerSettings settings;
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable DockerClient client;
    private volatile @Nullable Status status;

    Engine(DockerSettings settings) {
        this.settings = settings;
    }

    private record Status(String obstacle, long nanos) {

        boolean isFresh() {
            return System.nanoTime() - nanos < (obstacle.isEmpty() ? STATUS_NANOS : OBSTACLE_NANOS);
        }
    }

    /** Something that the engine is asked. */
    interface Question<T> {
        T ask(DockerClient client) throws IOException, InterruptedException, KernelRuntimeException;
    }

    /** Asks on a thread of its own, which is interrupted at the limit. Passes the engine's own exceptions on. */
    <T> T call(String what, Duration limit, Question<T> question) throws KernelRuntimeException {
        var line = client();
        Callable<T> asked = () -> question.ask(line);
        var task = new FutureTask<>(asked);
        Thread.ofVirtual().name("docker " + what).start(task);
        try {
            return task.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new KernelRuntimeException(
                    what + ": the engine at " + settings.host() + " did not answer within " + limit.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException(what + " was interrupted", e);
        } catch (ExecutionException e) {
            throw failure(what, e.getCause() == null ? e : e.getCause());
        } finally {
            task.cancel(true);
        }
    }

    private KernelRuntimeException failure(String what, Throwable cause) {
        return switch (cause) {
            case KernelRuntimeException known -> known;
            case DockerException refused -> new KernelRuntimeException(what + ": " + words(refused), refused);
            default ->
                new KernelRuntimeException(
                        what + ": the engine at " + settings.host() + " cannot be reached: " + root(cause), cause);
        };
    }

    /** Returns the engine's own words without the status line around them. */
    static String words(DockerException refused) {
        var message = String.valueOf(refused.getMessage());
        var begin = message.indexOf("\"message\":\"");
        var end = message.lastIndexOf('"');
        var from = begin + "\"message\":\"".length();
        return begin >= 0 && end > from ? message.substring(from, end).replace("\\\"", "\"") : message;
    }

    private static String root(Throwable cause) {
        var result = cause;
        while (result.getCause() != null) {
            result = result.getCause();
        }
        return String.valueOf(result.getMessage() == null ? result : result.getMessage());
    }

    /** Returns why there is no engine, empty if there is one; at most some seconds old. */
    String obstacle() {
        var known = status;
        if (known != null && known.isFresh()) {
            return known.obstacle();
        }
        if (!asking.tryLock()) {
            return known == null ? ask() : known.obstacle();
        }
        try {
            var obstacle = ask();
            status = new Status(obstacle, System.nanoTime());
            return obstacle;
        } finally {
            asking.unlock();
        }
    }

    private String ask() {
        if (!settings.isEnabled()) {
            return "switched off (enabled = false)";
        }
        if (isAbsent()) {
            return "no engine: " + settings.socket() + " is not there";
        }
        try {
            call("status", PING, line -> line.pingCmd().exec());
            return "";
        } catch (KernelRuntimeException e) {
            return "no engine: " + e.getMessage();
        }
    }

    /** Returns whether nothing can be running at the engine's place. */
    boolean isAbsent() {
        return settings.isLocal() && !Files.exists(settings.socket());
    }

    @SuppressWarnings("IllegalCatch") // library boundary: bad addresses and key files come as anything
    private DockerClient client() throws KernelRuntimeException {
        var open = client;
        if (open != null) {
            return open;
        }
        if (!settings.isEnabled()) {
            throw new KernelRuntimeException("the Docker runtime is switched off (enabled = false)");
        }
        opening.lock();
        try {
            var made = client;
            if (made == null) {
                made = open();
                client = made;
            }
            return made;
        } catch (RuntimeException e) {
            throw new KernelRuntimeException("the engine at " + settings.host() + " cannot be used: " + root(e), e);
        } finally {
            opening.unlock();
        }
    }

    private DockerClient open() {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(settings.host())
                .withDockerTlsVerify(!settings.tlsFolder().isBlank())
                .withDockerConfig("/nonexistent")
                .withDockerCertPath(settings.tlsFolder().isBlank() ? null : settings.tlsFolder())
                .build();
        var http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .maxConnections(MOST_CONNECTIONS)
                .connectionTimeout(CONNECT)
                .build();
        return DockerClientImpl.getInstance(new EngineConfig(config), http);
    }

    void close() throws IOException {
        var open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }
}
