package io.slipway.itests.bad;

import java.io.IOException;
import org.osgi.framework.BundleContext;

/** Does not come back from its stop for a minute. */
public final class HangingInStop extends DisturbedRuntime {

    /** Used by the component runtime. */
    public HangingInStop(BundleContext context) throws IOException {
        super(context);
    }

    /** Used by the component runtime. */
    public void deactivate() {
        Deafness.sit();
    }

    @Override
    void disturb() {}
}
