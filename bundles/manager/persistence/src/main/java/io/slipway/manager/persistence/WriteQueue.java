package io.slipway.manager.persistence;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that write at the same time share one transaction, and so one commit: the dearest part of a small write. There
 * is no thread of its own: one of the callers leads and runs what has gathered while the write before was under way, the others
 * wait until it is done. A lone caller waits for nobody; where several shared the last transaction, the leader gives them a
 * moment to come with their next work. If a shared transaction fails, each work is run on its own, so that
 * no caller suffers from another's. Thread-safe.
 *
 * @param <W> work; keeps its own outcome, which may be read when {@link #submit} returns
 */
final class WriteQueue<W> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_WAITING = 10_000;
    private static final int FEW = 3;
    private static final Duration MOMENT = Duration.ofMillis(4);

    private final int mostWeight;
    private final ToIntFunction<W> weight;
    private final Consumer<List<W>> transaction;
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition arrived = guard.newCondition();

    // guarded by guard
    private final Queue<Ticket<W>> waiting = new ArrayDeque<>();

    // guarded by guard
    private boolean hasLeader;

    // guarded by guard: how many shared the last transaction
    private int lastShare;

    /**
     * @param mostWeight of all work of one transaction; a single heavier work is run alone
     * @param weight of a work
     * @param transaction runs works in one transaction, in order; for the same works maybe again
     */
    WriteQueue(int mostWeight, ToIntFunction<W> weight, Consumer<List<W>> transaction) {
        this.mostWeight = mostWeight;
        this.weight = weight;
        this.transaction = transaction;
    }

    /**
     * Runs work; durable when this returns.
     *
     * @throws SlipwayException UNAVAILABLE if there is too much to do, and whatever the work throws
     */
    void submit(W work) {
        var ticket = new Ticket<>(work, guard.newCondition());
        if (mustLead(ticket)) {
            try {
                lead(ticket);
            } finally {
                resign();
            }
        }
        ticket.throwFailure();
    }

    /** Returns how many callers wait to be taken. */
    int waiting() {
        guard.lock();
        try {
            return waiting.size();
        } finally {
            guard.unlock();
        }
    }

    /** Waits until a ticket is done, or until nobody leads and it is not: its caller must lead, then. */
    private boolean mustLead(Ticket<W> ticket) {
        guard.lock();
        try {
            if (waiting.size() >= MOST_WAITING) {
                throw new SlipwayException(
                        FailureCode.UNAVAILABLE, "The database is busy: " + MOST_WAITING + " writes wait");
            }
            waiting.add(ticket);
            arrived.signal();
            var nanos = PATIENCE.toNanos();
            while (!ticket.isDone && hasLeader) {
                if (nanos <= 0) {
                    throw givenUp(ticket, "The database did not take a write within " + PATIENCE);
                }
                nanos = ticket.changed.awaitNanos(nanos);
            }
            if (ticket.isDone) {
                return false;
            }
            hasLeader = true;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw givenUp(ticket, "Interrupted while a write waited for the database");
        } finally {
            guard.unlock();
        }
    }

    /** Called under the guard. */
    private SlipwayException givenUp(Ticket<W> ticket, String why) {
        var isUndone = waiting.remove(ticket);
        // it may have been chosen to lead at this moment: another must
        wakeNext();
        return new SlipwayException(
                FailureCode.UNAVAILABLE, why + (isUndone ? "; it was not written" : "; it may have been written"));
    }

    /** Runs what has gathered until the leader's own work is done, too. */
    private void lead(Ticket<W> own) {
        while (!own.isDone) {
            var tickets = gather();
            try {
                run(tickets);
            } finally {
                // only an Error gets here with something undone; nobody may wait for ever
                finish(
                        tickets,
                        new SlipwayException(FailureCode.INTERNAL, "A shared transaction broke off; see the log"));
            }
        }
    }

    private void resign() {
        guard.lock();
        try {
            hasLeader = false;
            wakeNext();
        } finally {
            guard.unlock();
        }
    }

    /** Called under the guard. */
    private void wakeNext() {
        var next = waiting.peek();
        if (next != null) {
            next.changed.signal();
        }
    }

    private List<Ticket<W>> gather() {
        guard.lock();
        try {
            awaitOthers();
            var tickets = new ArrayList<Ticket<W>>();
            var sum = 0;
            for (var next = waiting.peek(); next != null; next = waiting.peek()) {
                sum += weight.applyAsInt(next.work);
                if (sum > mostWeight && !tickets.isEmpty()) {
                    break;
                }
                tickets.add(waiting.remove());
            }
            lastShare = tickets.size();
            return tickets;
        } finally {
            guard.unlock();
        }
    }

    /** Called under the guard: a commit costs more than this moment, so those that are likely to come are waited for. */
    private void awaitOthers() {
        var nanos = lastShare <= FEW ? 0 : MOMENT.toNanos();
        try {
            while (nanos > 0 && waiting.size() < lastShare) {
                nanos = arrived.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the moment is over; what is there is run all the same
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: what fails here belongs to the threads that wait for it
    private void run(List<Ticket<W>> tickets) {
        try {
            transaction.accept(tickets.stream().map(ticket -> ticket.work).toList());
            finish(tickets, null);
        } catch (RuntimeException e) {
            if (tickets.size() == 1 || isUnavailable(e)) {
                finish(tickets, e);
            } else {
                tickets.forEach(ticket -> run(List.of(ticket)));
            }
        }
    }

    private static boolean isUnavailable(RuntimeException e) {
        return e instanceof SlipwayException failure && failure.code() == FailureCode.UNAVAILABLE;
    }

    private void finish(List<Ticket<W>> tickets, @Nullable RuntimeException failure) {
        guard.lock();
        try {
            for (var ticket : tickets) {
                if (!ticket.isDone) {
                    ticket.isDone = true;
                    ticket.failure = failure;
                    ticket.changed.signal();
                }
            }
        } finally {
            guard.unlock();
        }
    }

    /** One caller's work; changed under the guard, and read by the caller after it has held the guard. */
    private static final class Ticket<W> {

        private final W work;
        private final Condition changed;
        private boolean isDone;
        private @Nullable RuntimeException failure;

        Ticket(W work, Condition changed) {
            this.work = work;
            this.changed = changed;
        }

        /** The failure happened on another thread perhaps: what is thrown tells of both. */
        void throwFailure() {
            if (failure instanceof SlipwayException told) {
                throw new SlipwayException(told.code(), String.valueOf(told.getMessage()), told.data(), told);
            }
            if (failure != null) {
                throw new SlipwayException(
                        FailureCode.INTERNAL, "A write failed: " + failure.getMessage(), Map.of(), failure);
            }
        }
    }
}
