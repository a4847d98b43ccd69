package io.slipway.runtime.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes from one thread to another, at most so many at a time. Unlike Java's own pipes it does not care which threads live.
 */
final class BytePipe {

    private static final int MOST = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> parts = new ArrayDeque<>();
    private int size;
    private boolean isEnded;
    private boolean isAbandoned;

    /** Waits until there is room. What nobody will read is dropped. */
    void put(byte[] bytes) {
        lock.lock();
        try {
            while (size >= MOST && !isAbandoned && !isEnded) {
                changed.awaitUninterruptibly();
            }
            if (bytes.length > 0 && !isAbandoned && !isEnded) {
                parts.add(bytes);
                size += bytes.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes; what is there can be read. */
    void end() {
        lock.lock();
        try {
            isEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    void abandon() {
        lock.lock();
        try {
            isAbandoned = true;
            parts.clear();
            size = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        try {
            while (parts.isEmpty()) {
                if (isEnded || isAbandoned) {
                    return -1;
                }
                changed.await();
            }
            var part = parts.remove();
            var count = Math.min(length, part.length);
            System.arraycopy(part, 0, target, offset, count);
            if (count < part.length) {
                parts.addFirst(Arrays.copyOfRange(part, count, part.length));
            }
            size -= count;
            changed.signalAll();
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    InputStream source() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return length == 0 ? 0 : take(target, offset, length);
            }

            @Override
            public void close() {
                abandon();
            }
        };
    }

    OutputStream sink() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                if (isClosed()) {
                    throw new IOException("the program reads no more");
                }
                put(Arrays.copyOfRange(source, offset, offset + length));
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isAbandoned || isEnded;
        } finally {
            lock.unlock();
        }
    }
}
