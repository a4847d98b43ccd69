package io.slipway.agent.node;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls plug-ins on a thread of their own, so that one that hangs costs its limit and no more. */
final class BoundedCalls {

    private final ExecutorService threads;

    BoundedCalls(ExecutorService threads) {
        this.threads = threads;
    }

    /** A call did not return in time, or threw. */
    static final class CallFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        CallFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Calls and waits.
     *
     * @throws CallFailedException if it did not return within the limit (it is interrupted then) or threw
     */
    <T> T call(Duration limit, Callable<T> callable) throws CallFailedException {
        try {
            var future = threads.submit(callable);
            try {
                return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                future.cancel(true);
            }
        } catch (TimeoutException e) {
            throw new CallFailedException("no answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new CallFailedException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        } catch (RejectedExecutionException e) {
            throw new CallFailedException("the agent stops", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailedException("interrupted", e);
        }
    }
}
