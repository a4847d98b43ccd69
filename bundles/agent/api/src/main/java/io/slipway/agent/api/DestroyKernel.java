package io.slipway.agent.api;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;

/**
 * End a kernel.
 *
 * @param kernel which one
 * @param reason why; told back in the event unless the kernel had ended before
 * @param grace how long its programs get to end by themselves; zero kills at once
 */
public record DestroyKernel(KernelId kernel, ExitReason reason, Duration grace) {}
