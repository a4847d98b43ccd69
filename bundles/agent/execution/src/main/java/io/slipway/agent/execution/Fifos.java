package io.slipway.agent.execution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The FIFOs of one shell, open both ways, so that opening waits for nobody and no end of file ever comes. */
final class Fifos {

    /** Says whether to read on; may wait. */
    interface Gate {
        boolean await() throws InterruptedException;
    }

    /** Takes what was read. */
    interface Taker {
        void take(byte[] bytes, int length);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Fifos.class);
    private static final int MAX_TASKS = 256;
    private static final int CHUNK = 32 << 10;
    private static final long STACK = 256 << 10;
    private static final int WRITER_IDLE_SECONDS = 10;

    private final Map<String, FileChannel> channels = new HashMap<>(); // filled by open(), before any thread
    // one thread: lines must not mix. A thread of the platform: a full FIFO blocks it, and with it would block the
    // carrier of a virtual one; as many shells that do not read as there are processors would stop all others
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            WRITER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_TASKS),
            Thread.ofPlatform()
                    .daemon()
                    .name("slipway-shell-write")
                    .stackSize(STACK)
                    .factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    Fifos() {
        writer.allowCoreThreadTimeOut(true);
    }

    void open(Path folder) throws IOException {
        for (var name : DriverFolders.FIFOS) {
            channels.put(
                    name, FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
        }
    }

    /** Reads in a thread of the platform: a FIFO can only be read blockingly, which would hold a carrier thread. */
    void read(String name, Gate gate, Taker taker) {
        Thread.ofPlatform()
                .daemon()
                .name("slipway-shell-" + name)
                .stackSize(STACK)
                .start(() -> readAll(name, gate, taker));
    }

    /** Writes a line when those before it are written. */
    void write(String name, String line) {
        writer.execute(() -> {
            try {
                var bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel(name).write(bytes);
                }
            } catch (ClosedChannelException e) {
                LOG.trace("The FIFO {} was closed", name);
            } catch (IOException e) {
                LOG.warn("A shell cannot be reached through its FIFO {}", name, e);
            }
        });
    }

    void close() {
        writer.shutdownNow();
        for (var channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Closing a FIFO: {}", e.toString());
            }
        }
    }

    private void readAll(String name, Gate gate, Taker taker) {
        var bytes = new byte[CHUNK];
        var buffer = ByteBuffer.wrap(bytes);
        try {
            while (gate.await()) {
                taker.take(bytes, channel(name).read(buffer.clear()));
            }
        } catch (ClosedChannelException e) {
            LOG.trace("The FIFO {} was closed", name);
        } catch (IOException e) {
            LOG.warn("A shell can no longer be heard through its FIFO {}", name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FileChannel channel(String name) throws ClosedChannelException {
        var channel = channels.get(name);
        if (channel == null) {
            throw new ClosedChannelException();
        }
        return channel;
    }
}
