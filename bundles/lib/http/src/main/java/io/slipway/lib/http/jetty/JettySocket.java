package io.slipway.lib.http.jetty;

import io.slipway.lib.http.WebSocketClosedException;
import io.slipway.lib.http.WebSocketConnection;
import io.slipway.lib.http.WebSocketMessage;
import io.slipway.lib.http.WebSocketUpgrade;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket of Jetty as one of ours. Jetty calls it by reflection, hence public. It asks Jetty for a frame whenever
 * there is room for one, so that pings and closes are seen while nobody receives.
 */
public final class JettySocket implements Session.Listener, WebSocketConnection {

    private static final Logger LOG = LoggerFactory.getLogger(JettySocket.class);
    private static final int ROOM = 8;
    /** Above this no further message is asked for, so that one of the largest size more is all that can come. */
    private static final int ROOM_BYTES = 65_536;

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int SERVER_ERROR = 1011;
    private static final int PING_FRACTION = 3;

    private final WebSocketUpgrade upgrade;
    private final ThreadFactory threads;
    private final OpenSockets open;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final Deque<WebSocketMessage> received = new ArrayDeque<>(ROOM);
    // guarded by lock
    private int unread; // bytes in received
    // guarded by lock
    private boolean isAsking;
    // guarded by lock
    private @Nullable String closed;
    private volatile long heardAtNanos = System.nanoTime();
    private volatile @Nullable Session session;

    JettySocket(WebSocketUpgrade upgrade, ThreadFactory threads, OpenSockets open) {
        this.upgrade = upgrade;
        this.threads = threads;
        this.open = open;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        var settings = upgrade.settings();
        opened.setMaxTextMessageSize(settings.maxMessageBytes());
        opened.setMaxBinaryMessageSize(settings.maxMessageBytes());
        opened.setIdleTimeout(settings.idleTimeout());
        session = opened;
        open.add(this);
        threads.newThread(this::speak).start();
        threads.newThread(this::ping).start();
        ask(opened);
    }

    @Override
    public void onWebSocketText(String text) {
        accept(new WebSocketMessage.Text(text));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer bytes, Callback callback) {
        var copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        callback.succeed();
        accept(new WebSocketMessage.Binary(copy));
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        heardAtNanos = System.nanoTime();
        session().demand();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        callback.succeed();
        end("closed with " + code + (reason == null || reason.isEmpty() ? "" : ": " + reason));
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        end("broken: " + cause);
    }

    private void accept(WebSocketMessage message) {
        boolean hasRoom;
        heardAtNanos = System.nanoTime();
        lock.lock();
        try {
            received.add(message);
            unread += size(message);
            changed.signalAll();
            hasRoom = received.size() < ROOM && unread < ROOM_BYTES;
            isAsking = hasRoom;
        } finally {
            lock.unlock();
        }
        if (hasRoom) {
            session().demand();
        }
    }

    private void ask(Session opened) {
        lock.lock();
        try {
            isAsking = true;
        } finally {
            lock.unlock();
        }
        opened.demand();
    }

    private void end(String how) {
        lock.lock();
        try {
            if (closed == null) {
                closed = how;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the client must be told, and the thread must end quietly
    private void speak() {
        try {
            upgrade.handler().speak(this);
            close(open.isStopping() ? GOING_AWAY : NORMAL, "");
        } catch (IOException e) {
            LOG.debug("WebSocket ended: {}", e.toString());
            close(GOING_AWAY, "going away");
        } catch (RuntimeException e) {
            LOG.error("WebSocket handler failed", e);
            close(SERVER_ERROR, "internal error");
        } finally {
            open.remove(this);
            ended.countDown();
        }
    }

    /** Lets a waiting receiver see that the server stops. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the talk. */
    void awaitEnd(Duration limit) {
        try {
            if (!ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("A WebSocket's talk goes on while the server stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Pings, which keeps middlemen awake, and drops a client that answers nothing. */
    private void ping() {
        var pause = upgrade.settings().idleTimeout().dividedBy(PING_FRACTION);
        try {
            while (!isClosedWithin(pause)) {
                if (isSilent()) {
                    end("dropped: the client answers no ping");
                    session().disconnect();
                    return;
                }
                send((opened, callback) -> opened.sendPing(ByteBuffer.allocate(0), callback));
            }
        } catch (IOException e) {
            LOG.debug("WebSocket ping failed: {}", e.toString());
        }
    }

    private boolean isSilent() {
        lock.lock();
        try {
            // while we do not ask we hear no answers either
            return isAsking
                    && System.nanoTime() - heardAtNanos
                            > upgrade.settings().idleTimeout().toNanos();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosedWithin(Duration limit) throws IOException {
        var nanos = limit.toNanos();
        lock.lock();
        try {
            while (closed == null && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return closed != null;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<WebSocketMessage> receive(Duration limit) throws IOException {
        WebSocketMessage message;
        boolean mustAsk;
        lock.lock();
        try {
            message = next(limit.toNanos());
            unread -= message == null ? 0 : size(message);
            mustAsk = message != null && !isAsking && unread < ROOM_BYTES && closed == null;
            isAsking |= mustAsk;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
        if (mustAsk) {
            session().demand();
        }
        return Optional.ofNullable(message);
    }

    private static int size(WebSocketMessage message) {
        return switch (message) {
            case WebSocketMessage.Text text -> text.text().length();
            case WebSocketMessage.Binary binary -> binary.bytes().remaining();
        };
    }

    @Override
    public void limitMessages(int maxBytes) {
        session().setMaxTextMessageSize(maxBytes);
        session().setMaxBinaryMessageSize(maxBytes);
    }

    private @Nullable WebSocketMessage next(long limitNanos) throws InterruptedException, WebSocketClosedException {
        var nanos = limitNanos;
        while (received.isEmpty()) {
            if (closed != null) {
                throw new WebSocketClosedException("WebSocket is " + closed);
            }
            if (nanos <= 0 || open.isStopping()) {
                return null;
            }
            nanos = changed.awaitNanos(nanos);
        }
        return received.poll();
    }

    @Override
    public void send(String text) throws IOException {
        send((opened, callback) -> opened.sendText(text, callback));
    }

    @Override
    public void send(ByteBuffer bytes) throws IOException {
        send((opened, callback) -> opened.sendBinary(bytes, callback));
    }

    private void send(BiConsumer<Session, Callback> how) throws IOException {
        if (!isOpen()) {
            throw new WebSocketClosedException("WebSocket is closed");
        }
        var sent = new Callback.Completable();
        how.accept(session(), sent);
        try {
            sent.get(upgrade.settings().sendTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            end("broken: " + e.getCause());
            throw new IOException("Cannot send on the WebSocket", e.getCause());
        } catch (TimeoutException e) {
            end("dropped: the client takes nothing");
            session().disconnect();
            throw new IOException("The client takes nothing", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public boolean isServerStopping() {
        return open.isStopping();
    }

    @Override
    public boolean isOpen() {
        lock.lock();
        try {
            return closed == null && session().isOpen();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close(int code, String reason) {
        end("closed by us");
        session().close(code, reason, Callback.NOOP);
    }

    private Session session() {
        var opened = session;
        if (opened == null) {
            throw new IllegalStateException("not open yet");
        }
        return opened;
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        var failure = new InterruptedIOException("interrupted");
        failure.initCause(cause);
        return failure;
    }
}
