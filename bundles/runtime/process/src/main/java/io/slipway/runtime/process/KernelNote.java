package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import java.util.Map;

/**
 * What is kept with a kernel, in {@code kernel.json}.
 *
 * @param kernel its id
 * @param labels what the agent wants to find again
 * @param uid the user that it runs as, 0 if it is the server's own
 * @param isIsolated whether it runs in a sandbox
 * @param memoryBytes its memory limit
 */
record KernelNote(KernelId kernel, Map<String, String> labels, int uid, boolean isIsolated, long memoryBytes) {

    KernelNote {
        labels = Map.copyOf(labels);
    }
}
