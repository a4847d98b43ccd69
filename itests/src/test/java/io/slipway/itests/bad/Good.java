package io.slipway.itests.bad;

import java.io.IOException;
import org.osgi.framework.BundleContext;

/** A good version of its own making: nothing goes wrong. */
public final class Good extends DisturbedRuntime {

    /** Used by the component runtime. */
    public Good(BundleContext context) throws IOException {
        super(context);
    }

    @Override
    void disturb() {}
}
