package io.slipway.plugin.lifecycle.sample;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** A bundle that serves, and never finishes its stop. */
public final class NeverStopping implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Supplier<String> service = () -> "hello";
        context.registerService(
                Supplier.class, service, FrameworkUtil.asDictionary(Map.of("slipway.plugin.id", "greeter")));
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
