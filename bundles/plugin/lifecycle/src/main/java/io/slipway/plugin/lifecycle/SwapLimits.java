package io.slipway.plugin.lifecycle;

import java.time.Duration;

/**
 * How long the steps of a swap may take.
 *
 * @param providers until a started version has registered its providers
 * @param drain until the last use of the old version ends
 */
record SwapLimits(Duration providers, Duration drain) {

    /** What the running system uses. */
    static final SwapLimits USUAL = new SwapLimits(Duration.ofSeconds(4), Duration.ofSeconds(60));
}
