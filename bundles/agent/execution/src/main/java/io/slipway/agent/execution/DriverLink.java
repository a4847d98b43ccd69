package io.slipway.agent.execution;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way to one kernel's driver. What the driver tells goes to the kernel's {@link RunTable}. No method waits for it. */
sealed interface DriverLink permits SocketLink, FifoLink {

    /**
     * Begins to listen.
     *
     * @throws IOException if that is not possible
     */
    void start() throws IOException;

    /** Hands a run over, now or as soon as the driver is there; a repetition does no harm. */
    void submit(Submission submission);

    /** Interrupts a run if it is the one that runs now. */
    void interrupt(String run);

    /** Interrupts a run if it is the one that runs now, or takes it out of the queue; other runs go on. */
    void cancel(String run);

    /** Gives a line to a run that asked for it with this request number. */
    void input(String run, long request, String line);

    /**
     * Says that records of a run reached whoever asked; the driver forgets them.
     *
     * @return done when the driver cannot miss it any more, or when there is no driver now
     */
    CompletableFuture<@Nullable Void> acknowledge(Acknowledgement taken);

    /** Asks for completions of a line; the answer may never come. */
    CompletableFuture<List<String>> complete(String line);

    /** Returns code that runs the steps of batch mode. */
    String code(BatchSteps steps);

    /** Begins a task or asks again for its status, which goes to {@link RunTable#tasks}; a repetition does no harm. */
    void task(String name, String command);

    /** Ends listening and every thread. The driver goes on. */
    void close();
}
