package io.slipway.model.kernel;

import org.jspecify.annotations.Nullable;

/**
 * How a kernel ended.
 *
 * @param reason why
 * @param exitCode exit status of the container's main program; 128 plus the number if a signal ended it; null if unknown
 * @param detail one line for people, may be empty
 */
public record KernelExit(ExitReason reason, @Nullable Integer exitCode, String detail) {}
