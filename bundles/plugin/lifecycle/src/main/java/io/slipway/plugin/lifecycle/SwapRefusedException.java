package io.slipway.plugin.lifecycle;

/** A swap ends here and the old version serves on; the message says why, for the operator. */
final class SwapRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    SwapRefusedException(String why) {
        super(why);
    }

    SwapRefusedException(String why, Throwable cause) {
        super(why, cause);
    }
}
