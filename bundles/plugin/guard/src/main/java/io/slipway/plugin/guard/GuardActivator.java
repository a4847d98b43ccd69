package io.slipway.plugin.guard;

import java.nio.file.Path;
import java.util.Objects;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;

/** Registers the guard: an activator, because no component runtime is there that early. */
public final class GuardActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        var base = Path.of(Objects.requireNonNullElse(context.getProperty("karaf.base"), "."))
                .toAbsolutePath();
        var home = Path.of(Objects.requireNonNullElse(context.getProperty("karaf.home"), base.toString()))
                .toAbsolutePath();
        var guard = new Guard(new Distribution(home.resolve("system")), new Mode(base.resolve("etc")));
        context.addBundleListener(guard);
        context.registerService(ResolverHookFactory.class, guard, null);
        guard.sweep(context.getBundles());
    }

    @Override
    public void stop(BundleContext context) {
        // the framework withdraws the registration and the listener
    }
}
