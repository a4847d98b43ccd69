package io.slipway.manager.tasks;

import io.slipway.manager.api.TaskRunner;
import java.util.Optional;

/** Finds who does tasks of a kind. */
interface Runners {

    /** Returns the runner of a kind, if it is there now. */
    Optional<TaskRunner> find(String kind);
}
