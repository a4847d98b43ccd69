package io.slipway.agent.node;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the plans of all archives of this node may take of the heap together: a kernel's programs make names as long and
 * as many as they like. One plan takes no more than half of what is free, so that some is left for others. Thread-safe.
 */
final class ArchiveRoom {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    ArchiveRoom(long limit) {
        this.limit = limit;
    }

    /** Returns room of an eighth of the heap. */
    static ArchiveRoom ofHeap() {
        return new ArchiveRoom(Runtime.getRuntime().maxMemory() / 8);
    }

    /** Returns the room of a plan. */
    Place open() {
        return new Place();
    }

    long used() {
        return used.get();
    }

    /** What one plan takes. Used by one thread at a time. */
    final class Place implements AutoCloseable {

        private long taken;

        /** Takes more. */
        void take(long bytes) throws RefusedPathException {
            if (taken + bytes > (limit - used.get() + taken) / 2) {
                throw new RefusedPathException(
                        "there is no room now for so many long names; take smaller parts, or pack"
                                + " them into one file in the session");
            }
            used.addAndGet(bytes);
            taken += bytes;
        }

        @Override
        public void close() {
            used.addAndGet(-taken);
            taken = 0;
        }
    }
}
