package io.slipway.manager.store;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotAmounts;

/**
 * A kernel of a session to be admitted.
 *
 * @param id its id
 * @param image its image
 * @param clusterRole {@code main} or {@code sub}
 * @param clusterIndex from 1 within its role
 * @param request what it needs
 */
public record NewKernel(KernelId id, ImageRef image, String clusterRole, int clusterIndex, SlotAmounts request) {

    /** Returns the host name inside, such as {@code main1}. */
    public String hostname() {
        return clusterRole + clusterIndex;
    }
}
