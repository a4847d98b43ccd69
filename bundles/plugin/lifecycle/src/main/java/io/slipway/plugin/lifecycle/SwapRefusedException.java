package io.slipway.plugin.lifecycle;

import org.jspecify.annotations.Nullable;

/** A swap ends here and the old version serves on; the message says why, for the operator. */
final class SwapRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    SwapRefusedException(String why) {
        super(why);
    }

    SwapRefusedException(String why, @Nullable Throwable cause) {
        super(why, cause);
    }
}
