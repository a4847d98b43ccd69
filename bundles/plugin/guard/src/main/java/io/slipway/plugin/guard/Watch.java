package io.slipway.plugin.guard;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;

/** What the guard has put into the framework, in the framework's own name: it stays when the guard's bundle is stopped. */
final class Watch {

    private final BundleContext framework;
    private final ServiceRegistration<ResolverHookFactory> hook;
    private final List<SynchronousBundleListener> listeners = new ArrayList<>();

    private Watch(BundleContext framework, Guard guard) {
        this.framework = framework;
        listen(guard);
        this.hook = framework.registerService(ResolverHookFactory.class, guard, null);
    }

    /**
     * Puts it in.
     *
     * @param location of the guard's bundle
     */
    static Watch begin(BundleContext framework, Guard guard, String location, Distribution distribution) {
        var watch = new Watch(framework, guard);
        watch.listen(new Keeper(framework, location, distribution, watch::end));
        return watch;
    }

    private void listen(SynchronousBundleListener listener) {
        framework.addBundleListener(listener);
        listeners.add(listener);
    }

    /** Takes it out. */
    void end() {
        listeners.forEach(framework::removeBundleListener);
        hook.unregister();
    }
}
