package io.slipway.itests.bad;

import java.io.IOException;
import org.osgi.framework.BundleContext;

/** Throws in its constructor. */
public final class Throwing extends DisturbedRuntime {

    /** Used by the component runtime. */
    public Throwing(BundleContext context) throws IOException {
        super(context);
        throw new IllegalStateException("no heart to begin");
    }

    @Override
    void disturb() {}
}
