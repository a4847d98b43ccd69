package io.slipway.agent.execution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes frames to one connection from a thread of its own, so that no caller waits for a driver that does not read. */
final class FrameSender implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(FrameSender.class);
    private static final int QUEUE = 512;

    /** Bytes that may wait; all code that the driver may have to be sent again fits. */
    static final long MAX_WAITING = 16 << 20;

    private record Outgoing(Frame frame, CompletableFuture<@Nullable Void> sent) {

        int bytes() {
            return frame.payload().capacity();
        }
    }

    private final GatheringByteChannel target;
    private final Buffers buffers;
    private final AtomicLong waiting = new AtomicLong();
    private final BlockingQueue<Outgoing> queue = new ArrayBlockingQueue<>(QUEUE);
    private volatile boolean isClosed;

    FrameSender(GatheringByteChannel target, Buffers buffers) {
        this.target = target;
        this.buffers = buffers;
    }

    /** Takes a frame. A driver that lets them pile up is cut off. */
    void send(Frame frame) {
        send(new Outgoing(frame, new CompletableFuture<>()));
    }

    /** Takes a frame; the future is done when it is written or can never be. */
    CompletableFuture<@Nullable Void> sendAndTell(Frame frame) {
        var outgoing = new Outgoing(frame, new CompletableFuture<>());
        send(outgoing);
        return outgoing.sent();
    }

    private void send(Outgoing outgoing) {
        count(outgoing.bytes());
        if (isClosed || waiting.get() > MAX_WAITING || !queue.offer(outgoing)) {
            close();
            settle(outgoing);
        } else if (isClosed) {
            release();
        }
    }

    /** Ends it and closes the connection. */
    void close() {
        isClosed = true;
        try {
            target.close();
        } catch (IOException e) {
            LOG.debug("Closing a driver's line: {}", e.toString());
        }
        release();
    }

    @Override
    public void run() {
        try {
            while (!isClosed) {
                var next = queue.take();
                try {
                    write(next.frame().encoded());
                } finally {
                    settle(next);
                }
            }
        } catch (IOException e) {
            LOG.debug("A driver's line broke: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void write(ByteBuffer[] parts) throws IOException {
        while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
            target.write(parts);
        }
    }

    private void release() {
        for (var left = queue.poll(); left != null; left = queue.poll()) {
            settle(left);
        }
    }

    private void settle(Outgoing outgoing) {
        count(-outgoing.bytes());
        outgoing.sent().complete(null);
    }

    private void count(int bytes) {
        waiting.addAndGet(bytes);
        buffers.add(bytes);
    }
}
