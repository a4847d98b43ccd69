package io.slipway.itests.bad;

import java.io.IOException;
import org.osgi.framework.BundleContext;

/** Leaves a virtual thread behind. */
public final class LeakingVirtually extends DisturbedRuntime {

    /** Used by the component runtime. */
    public LeakingVirtually(BundleContext context) throws IOException {
        super(context);
        Thread.ofVirtual().name("leaked-by-a-plugin").start(Deafness::sit);
    }

    @Override
    void disturb() {}
}
