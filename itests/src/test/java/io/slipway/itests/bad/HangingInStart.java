package io.slipway.itests.bad;

import java.io.IOException;
import org.osgi.framework.BundleContext;

/** Does not come back from its constructor for a minute. */
public final class HangingInStart extends DisturbedRuntime {

    /** Used by the component runtime. */
    public HangingInStart(BundleContext context) throws IOException {
        super(context);
        Deafness.sit();
    }

    @Override
    void disturb() {}
}
