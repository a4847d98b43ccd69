package io.slipway.itests.bad;

import java.io.IOException;
import org.osgi.framework.BundleContext;

/** Leaves a thread of each kind behind. */
public final class Leaking extends DisturbedRuntime {

    /** Used by the component runtime. */
    public Leaking(BundleContext context) throws IOException {
        super(context);
        Thread.ofPlatform().daemon().name("leaked-by-a-plugin").start(Deafness::sit);
        Thread.ofVirtual().name("leaked-virtually").start(Deafness::sit);
    }

    @Override
    void disturb() {}
}
