package io.slipway.karaf.subject;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

/** Registers the weaver: an activator, because no component runtime is there that early. */
public final class SubjectActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(WeavingHook.class, new SubjectWeaver(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // the framework withdraws the registration
    }
}
