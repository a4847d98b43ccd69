package io.slipway.plugin.guard;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Puts the guard up: an activator, because no component runtime is there that early. */
public final class GuardActivator implements BundleActivator {

    /** Of this class loader; it stays when somebody stops the bundle while the framework runs. */
    private static volatile @Nullable Watch watch;

    @Override
    public void start(BundleContext context) throws ClassNotFoundException {
        if (watch != null) {
            return;
        }
        loadAll(context.getBundle());
        var base = Path.of(Objects.requireNonNullElse(context.getProperty("karaf.base"), "."))
                .toAbsolutePath();
        var home = Path.of(Objects.requireNonNullElse(context.getProperty("karaf.home"), base.toString()))
                .toAbsolutePath();
        var distribution = new Distribution(home.resolve("system"));
        var framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        // what it remembers would go with its own bundle
        var checked = new Checked(framework.getDataFile("checked-bundles").toPath());
        var guard = new Guard(distribution, new Mode(base.resolve("etc")), checked);
        watch = Watch.begin(framework, guard, context.getBundle().getLocation(), distribution);
        guard.sweep(context.getBundles());
        checked.tidy();
    }

    /** It goes on without its bundle, from whose file nothing can be loaded any more then. */
    private static void loadAll(Bundle bundle) throws ClassNotFoundException {
        var entries = bundle.findEntries("/", "*.class", true);
        while (entries != null && entries.hasMoreElements()) {
            var path = entries.nextElement().getPath();
            bundle.loadClass(
                    path.substring(1, path.length() - ".class".length()).replace('/', '.'));
        }
    }

    /** Ends the guard if the framework ends; it is nobody else's to stop. */
    @Override
    public void stop(BundleContext context) {
        var present = watch;
        if (present != null
                && Keeper.isStopping(
                        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext())) {
            present.end();
            watch = null;
        }
    }
}
