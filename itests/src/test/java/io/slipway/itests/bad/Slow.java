package io.slipway.itests.bad;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleContext;

/** Takes 400 ms for what took less than 40, on any machine. */
public final class Slow extends DisturbedRuntime {

    /** Used by the component runtime. */
    public Slow(BundleContext context) throws IOException {
        super(context);
    }

    @Override
    void disturb() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
    }
}
