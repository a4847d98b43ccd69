package io.slipway.agent.execution;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the runs of all kernels may take of the heap together. A kernel may take no more than half of what is free, so
 * that any number of greedy ones leaves something for the next, and a little in any case. Thread-safe.
 */
final class Buffers {

    /** What a kernel may take however little is free: its work gets slow then, but does not stop. */
    static final long FLOOR = 96 << 10;

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    Buffers(long limit) {
        this.limit = limit;
    }

    /** Returns buffers of an eighth of the heap. */
    static Buffers ofHeap() {
        return new Buffers(Runtime.getRuntime().maxMemory() / 8);
    }

    /** Says whether a kernel that takes so many bytes already may take more. */
    boolean isRoom(long taken, long more) {
        var wanted = taken + more;
        return wanted <= FLOOR || wanted <= (limit - used.get() + taken) / 2;
    }

    /** Notes that a kernel takes so many bytes more, or less. */
    void add(long change) {
        used.addAndGet(change);
    }

    long used() {
        return used.get();
    }
}
