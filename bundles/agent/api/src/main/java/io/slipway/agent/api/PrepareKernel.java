package io.slipway.agent.api;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;

/**
 * Make the image of a kernel ready.
 *
 * @param kernel for which kernel
 * @param image which image
 * @param limit how long it may take
 */
public record PrepareKernel(KernelId kernel, ImageRef image, Duration limit) {}
