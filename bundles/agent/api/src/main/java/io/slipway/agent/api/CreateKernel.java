package io.slipway.agent.api;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Create and start a kernel.
 *
 * @param kernel its id, the key of the operation
 * @param session whose kernel it is
 * @param sessionName the session's name, for people
 * @param image its image
 * @param imageLabels labels of the image from the catalog
 * @param slots what it is to get
 * @param environment the user's variables
 * @param hostname host name inside, such as {@code main1}
 * @param sharedMemoryBytes size of {@code /dev/shm}, 0 for the runtime's default
 * @param task what it is to run by itself, or null
 * @param limit how long create and start together may take, driver's answer included
 */
public record CreateKernel(
        KernelId kernel,
        SessionId session,
        String sessionName,
        ImageRef image,
        Map<String, String> imageLabels,
        SlotAmounts slots,
        Map<String, String> environment,
        String hostname,
        long sharedMemoryBytes,
        @Nullable KernelTask task,
        Duration limit) {

    /** Copies. */
    public CreateKernel {
        imageLabels = Map.copyOf(imageLabels);
        environment = Map.copyOf(environment);
    }
}
