package io.slipway.runtime.spi;

import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that exists in a runtime.
 *
 * @param kernel its id
 * @param containerId the runtime's own name of it
 * @param labels what {@link KernelSpec#labels()} said
 * @param state where it stands
 * @param exit how it ended; null unless the state is EXITED
 */
public record OwnedKernel(
        KernelId kernel,
        String containerId,
        Map<String, String> labels,
        State state,
        @Nullable KernelExit exit) {

    /** Where a container stands. */
    public enum State {
        /** Created, not started. */
        CREATED,
        /** Its main program runs. */
        RUNNING,
        /** Its main program ended. */
        EXITED
    }

    /** Copies. */
    public OwnedKernel {
        labels = Map.copyOf(labels);
    }
}
