package io.slipway.plugin.lifecycle.sample;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** A bundle that serves, and never finishes its second stop. */
public final class StopHanging implements BundleActivator {

    private static boolean hasStopped;

    @Override
    public void start(BundleContext context) {
        Supplier<String> service = () -> "hello";
        context.registerService(
                Supplier.class, service, FrameworkUtil.asDictionary(Map.of("slipway.plugin.id", "greeter")));
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        if (hasStopped) {
            new CountDownLatch(1).await();
        }
        hasStopped = true;
    }
}
