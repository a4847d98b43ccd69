package io.slipway.manager.store;

import io.slipway.model.identity.AccessKey;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A background task as stored.
 *
 * @param id its id
 * @param kind which runner does it
 * @param owner who started it
 * @param arguments for the runner
 * @param status where it stands
 * @param message what it does or how it went, may be empty
 * @param current steps done
 * @param total steps in all, 0 if not known
 * @param createdAt when it was stored
 * @param finishedAt when it ended, or null
 */
public record TaskRecord(
        UUID id,
        String kind,
        AccessKey owner,
        Map<String, String> arguments,
        Status status,
        String message,
        long current,
        long total,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** Copies. */
    public TaskRecord {
        arguments = Map.copyOf(arguments);
    }

    /** Where a task stands. */
    public enum Status {
        /** It waits, or runs, or will be run again. */
        STARTED,
        /** It went well. */
        DONE,
        /** It was broken off. */
        CANCELLED,
        /** It failed. */
        FAILED
    }

    /** Returns whether it has ended. */
    public boolean isFinished() {
        return status != Status.STARTED;
    }
}
