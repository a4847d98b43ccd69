package io.slipway.agent.execution;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/** What one kernel takes of the buffers of all. Every field is guarded by the lock of its {@link RunTable}. */
final class Share {

    /** What the code of the runs of one kernel may take, in characters, until its driver has it. */
    static final int MAX_CODE = 4 << 20;

    /** What a shell's stream may bring at once. */
    private static final int MOST_READ = 32 << 10;

    private static final long ASKED_EVERY_NANOS = 50_000_000;

    private final Buffers buffers;
    private long inFlight; // bytes of a frame that is being read
    private long counted; // what the buffers of all kernels were told

    Share(Buffers buffers) {
        this.buffers = buffers;
    }

    Buffers buffers() {
        return buffers;
    }

    /** Says whether the kernel takes no more than it may. */
    boolean isFair() {
        return buffers.isRoom(counted, 0);
    }

    /** Says whether output may be read. */
    boolean isOpen() {
        return buffers.isRoom(counted, MOST_READ);
    }

    /** Waits until there is room for a frame; it counts until {@link #read()}. */
    void await(int bytes, Duration limit, Condition changed, BooleanSupplier isClosed)
            throws BadFrameException, InterruptedException {
        for (var left = limit.toNanos(); !isClosed.getAsBoolean() && !buffers.isRoom(counted, bytes); ) {
            if (left <= 0) {
                throw new BadFrameException("there is no room for its output");
            }
            // until others make room, too
            var _ = changed.awaitNanos(ASKED_EVERY_NANOS);
            left -= ASKED_EVERY_NANOS;
        }
        inFlight = bytes;
    }

    /** Notes that the frame that was being read is no more. */
    void read() {
        inFlight = 0;
    }

    /** Refuses code that is too much for the kernel, whose runs that wait have so many characters, or for all. */
    void require(String run, String code, int waiting) throws AgentException {
        if (waiting + code.length() > MAX_CODE) {
            throw new AgentException(
                    Reason.FAILED, "run " + run + ": with the runs that wait its code is longer than " + MAX_CODE);
        }
        if (!buffers.isRoom(counted, 2L * code.length())) {
            throw new AgentException(
                    Reason.NO_CAPACITY, "run " + run + ": the agent has no room for its code now; try again later");
        }
    }

    /** Returns after how long to look again: room is made by other kernels too, which tell nobody. */
    long patienceNanos() {
        return isOpen() ? TimeUnit.HOURS.toNanos(1) : ASKED_EVERY_NANOS;
    }

    /** Tells what the runs take now. */
    void settle(long runs) {
        buffers.add(inFlight + runs - counted);
        counted = inFlight + runs;
    }
}
