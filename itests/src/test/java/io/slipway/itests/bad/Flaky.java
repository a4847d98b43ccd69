package io.slipway.itests.bad;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;

/** Fails every twentieth call. */
public final class Flaky extends DisturbedRuntime {

    private final AtomicLong calls = new AtomicLong();

    /** Used by the component runtime. */
    public Flaky(BundleContext context) throws IOException {
        super(context);
    }

    @Override
    void disturb() {
        if (calls.incrementAndGet() % 20 == 0) {
            throw new IllegalStateException("a screw is loose");
        }
    }
}
