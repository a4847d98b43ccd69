package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework's side of plug-ins. Bundles start transiently: nothing starts one but this. A bundle's own code runs in its
 * start and stop, so each has a limit and a thread of its own, which is given up when the limit is over.
 */
final class PluginBundles {

    private static final Logger LOG = LoggerFactory.getLogger(PluginBundles.class);

    private final BundleContext context;
    private final Duration limit;

    /**
     * Creates one.
     *
     * @param limit how long a bundle may take to start or stop
     */
    PluginBundles(BundleContext context, Duration limit) {
        this.context = context;
        this.limit = limit;
    }

    /** Returns whether a bundle is one that the lifecycle installed, in this or an earlier run. */
    static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(PluginJar.SCHEME);
    }

    /** Installs a jar, or finds it installed. */
    InstalledPlugin install(PluginJar jar) {
        try {
            var bundle = context.installBundle(jar.location(), new ByteArrayInputStream(jar.bytes()));
            if (!bundle.getVersion().equals(jar.version())) {
                uninstall(bundle);
                return failed(jar, "its file name says " + jar.version() + ", its manifest " + bundle.getVersion());
            }
            bundle.adapt(BundleStartLevel.class).setStartLevel(ownStartLevel());
            return InstalledPlugin.of(jar, bundle);
        } catch (BundleException e) {
            LOG.error("Plug-in {} {} cannot be installed", jar.id(), jar.version(), e);
            return failed(jar, FailureWords.of(e));
        }
    }

    private static InstalledPlugin failed(PluginJar jar, String why) {
        return new InstalledPlugin(jar.id(), jar.version(), null, "cannot be installed: " + why);
    }

    /** The framework has reached it, or this would not run; a bundle that starts later than now could not start at all. */
    private int ownStartLevel() {
        return Math.max(1, context.getBundle().adapt(BundleStartLevel.class).getStartLevel());
    }

    /** Starts a plug-in; what comes back says how it went. */
    InstalledPlugin start(InstalledPlugin plugin) throws InterruptedException {
        var bundle = plugin.bundle();
        if (bundle == null) {
            return plugin;
        }
        var failure = limited("start", plugin.id(), () -> bundle.start(Bundle.START_TRANSIENT));
        return failure.map(why -> plugin.failed("cannot be started: " + why)).orElse(plugin);
    }

    void stop(InstalledPlugin plugin) throws InterruptedException {
        var bundle = plugin.bundle();
        if (bundle != null) {
            limited("stop", plugin.id(), () -> bundle.stop(Bundle.STOP_TRANSIENT));
        }
    }

    /** Stops and uninstalls a version; returns what is left of it, in words, empty if nothing is. */
    String remove(InstalledPlugin plugin) throws InterruptedException {
        var bundle = plugin.bundle();
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return "";
        }
        var failure = limited("stop", plugin.id(), () -> bundle.stop(Bundle.STOP_TRANSIENT));
        if (failure.isEmpty()) {
            failure = limited("uninstall", plugin.id(), bundle::uninstall);
        }
        return failure.map(why -> "version " + plugin.version() + " stays until the next restart: " + why)
                .orElse("");
    }

    /** Runs a part of a plug-in's own code with the limit; returns why it failed, empty if it did not. */
    Optional<String> call(String what, PluginId id, Runnable code) throws InterruptedException {
        return limited(what, id, code::run);
    }

    /** Wires a bundle; it runs nothing of it. */
    void resolve(Bundle bundle) throws SwapRefusedException {
        var wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (wiring.resolveBundles(List.of(bundle))) {
            return;
        }
        try {
            bundle.start(Bundle.START_TRANSIENT); // fails for the same reason, and tells it
        } catch (BundleException e) {
            throw new SwapRefusedException(FailureWords.of(e), e);
        }
        throw new SwapRefusedException("the framework cannot resolve it");
    }

    /** Returns which other bundles the framework would have to restart with this one, by symbolic name. */
    List<String> refreshedWith(Bundle bundle) {
        var wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        return wiring.getDependencyClosure(List.of(bundle)).stream()
                .filter(other -> !other.equals(bundle))
                .map(other -> String.valueOf(other.getSymbolicName()))
                .sorted()
                .toList();
    }

    /** Uninstalls every plug-in bundle, of this run or an earlier one, whose location is not wanted. */
    void uninstallAllBut(Collection<String> wanted) {
        Arrays.stream(context.getBundles())
                .filter(PluginBundles::isPlugin)
                .filter(bundle -> !wanted.contains(bundle.getLocation()))
                .forEach(PluginBundles::uninstall);
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
            LOG.info("Plug-in bundle {} is uninstalled: it is not selected", bundle.getLocation());
        } catch (BundleException e) {
            LOG.error("Plug-in bundle {} cannot be uninstalled", bundle.getLocation(), e);
        }
    }

    private interface Step {
        void run() throws BundleException;
    }

    /** Runs a step; returns why it failed, empty if it did not. */
    private Optional<String> limited(String what, PluginId id, Step step) throws InterruptedException {
        var failure = new AtomicReference<String>();
        var ended = new CountDownLatch(1);
        var thread = Thread.ofVirtual()
                .name("slipway-plugin-" + what + "-" + id)
                .start(() -> {
                    runStep(what, id, step).ifPresent(failure::set);
                    ended.countDown();
                });
        if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            thread.interrupt();
            LOG.error("Plug-in {} hangs in its {}", id, what);
            return Optional.of("its " + what + " has not ended within " + limit.toSeconds() + " s");
        }
        return Optional.ofNullable(failure.get());
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: whatever a plug-in throws becomes its failure in words
    private static Optional<String> runStep(String what, PluginId id, Step step) {
        try {
            step.run();
            return Optional.empty();
        } catch (BundleException e) {
            LOG.error("Plug-in {} cannot {}", id, what, e);
            return Optional.of(FailureWords.of(e));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("Plug-in {} cannot {}", id, what, e);
            return Optional.of(e.toString());
        }
    }
}
