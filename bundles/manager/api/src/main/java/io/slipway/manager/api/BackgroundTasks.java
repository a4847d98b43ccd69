package io.slipway.manager.api;

import io.slipway.manager.store.TaskRecord;
import io.slipway.model.identity.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Work that goes on after its caller has its answer, and goes on again after a restart of the manager. Thread-safe; calls
 * block shortly. Failures are {@link io.slipway.model.failure.SlipwayException}s.
 */
@ProviderType
public interface BackgroundTasks {

    /**
     * Stores a task and starts it as soon as there is room; it is not lost from then on.
     *
     * @param kind which {@link TaskRunner} does it; one that is not there yet is waited for
     * @param arguments for the runner, no secrets
     */
    TaskRecord start(Principal caller, String kind, Map<String, String> arguments);

    /** Returns a task that the caller may see: its own, or any for superadmins. */
    Optional<TaskRecord> find(Principal caller, UUID task);

    /**
     * Waits until a task is not as it was, or the limit is over.
     *
     * @param known what the caller knows of it
     * @return the task as it is now; the same if nothing changed
     */
    TaskRecord awaitChange(TaskRecord known, Duration limit);
}
