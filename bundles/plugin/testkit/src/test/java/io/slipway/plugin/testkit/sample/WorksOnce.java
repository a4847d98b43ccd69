package io.slipway.plugin.testkit.sample;

/** Cannot start a second time. */
public final class WorksOnce extends Good {

    private static boolean hasStarted;

    @Override
    public void start() {
        if (hasStarted) {
            throw new IllegalStateException("only once");
        }
        hasStarted = true;
    }
}
