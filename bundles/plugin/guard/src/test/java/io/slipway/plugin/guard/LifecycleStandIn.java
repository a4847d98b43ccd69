package io.slipway.plugin.guard;

import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.function.BiFunction;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/** A bundle whose code installs what it is asked for. */
public final class LifecycleStandIn implements BundleActivator {

    static final String FILTER = "(installs=anything)";

    @Override
    public void start(BundleContext context) {
        BiFunction<String, byte[], Object> installs = (location, content) -> install(context, location, content);
        context.registerService(
                BiFunction.class.getName(), installs, FrameworkUtil.asDictionary(Map.of("installs", "anything")));
    }

    private static Object install(BundleContext context, String location, byte[] content) {
        try {
            return context.installBundle(location, new ByteArrayInputStream(content));
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the framework withdraws the registration
    }
}
