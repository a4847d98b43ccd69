package io.slipway.plugin.api;

import java.util.List;

/**
 * What a version on probation has cost its callers.
 *
 * @param failed calls whose caller got a failure that the version before would not have given
 * @param retried idempotent calls that failed and were done by the version before or at another try, or that are still
 *     tried: their callers saw nothing
 * @param named one line for each method that failed, such as {@code KernelRuntime.create: 2 failed, last: ...}
 */
public record CallCosts(long failed, long retried, List<String> named) {

    /** Nothing. */
    public static final CallCosts NONE = new CallCosts(0, 0, List.of());

    /** Copies. */
    public CallCosts {
        named = List.copyOf(named);
    }
}
