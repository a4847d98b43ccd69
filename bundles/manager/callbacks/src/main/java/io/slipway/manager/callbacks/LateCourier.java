package io.slipway.manager.callbacks;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes its courier when there is something to bring: most servers never bring anything. Thread-safe. */
final class LateCourier implements Courier {

    private final Supplier<Courier> maker;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Courier made; // guarded by the lock
    private boolean isClosed; // guarded by the lock

    LateCourier(Supplier<Courier> maker) {
        this.maker = maker;
    }

    @Override
    public void post(URI target, String json) throws IOException {
        made().post(target, json);
    }

    private Courier made() throws IOException {
        lock.lock();
        try {
            if (isClosed) {
                throw new IOException("this server stops");
            }
            if (made == null) {
                made = maker.get();
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            if (made != null) {
                made.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
