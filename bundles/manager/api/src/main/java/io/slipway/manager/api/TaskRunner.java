package io.slipway.manager.api;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Does background tasks of one kind. Registered as a service. A task may be run again after the manager that ran it
 * stopped or died, so a run must be repeatable. Runs of one kind may come at the same time.
 */
@ConsumerType
public interface TaskRunner {

    /** Returns the kind, such as {@code image-rescan}; at most 64 characters, the same for ever. */
    String kind();

    /**
     * Does a task; blocks. Looks at {@link Progress#isStopping()} between steps and returns soon when it is set: the task
     * is run again later, then.
     *
     * @param arguments as given at the start
     * @return a few words on how it went
     * @throws io.slipway.model.failure.SlipwayException if it failed; its message is told to the caller
     */
    String run(Map<String, String> arguments, Progress progress);

    /** How far a task has come. Belongs to the thread that runs it. */
    interface Progress {

        /**
         * Tells it.
         *
         * @param current steps done
         * @param total steps in all, 0 if not known
         * @param message what is done now, at most 1,000 characters are kept
         */
        void tell(long current, long total, String message);

        /** Returns whether the manager stops. */
        boolean isStopping();
    }
}
