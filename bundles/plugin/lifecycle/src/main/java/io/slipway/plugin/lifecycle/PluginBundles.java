package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework's side of plug-ins. Bundles start transiently: nothing starts one but this. A bundle's own code runs in its
 * start and stop, so each has a limit and a thread of its own, which is given up when the limit is over.
 */
final class PluginBundles {

    private static final Logger LOG = LoggerFactory.getLogger(PluginBundles.class);

    /** The component runtime starts a timer on whatever thread changes a component, and ends it after 5 s. */
    private static final String COMPONENT_RUNTIME = "SCR ";

    private static final int RESOLVE_TRIES = 20;
    private static final long RESOLVE_PAUSE_NANOS = 2_000_000;

    private final BundleContext context;
    private final Duration limit;
    private final PluginGate gate;
    private final RetiredBundles retired;

    /**
     * Creates one.
     *
     * @param limit how long a bundle may take to start or stop
     * @param gate says which jars may be installed
     */
    PluginBundles(BundleContext context, Duration limit, PluginGate gate) {
        this(context, limit, gate, new RetiredBundles(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)));
    }

    private PluginBundles(BundleContext context, Duration limit, PluginGate gate, RetiredBundles retired) {
        this.context = context;
        this.gate = gate;
        this.limit = limit;
        this.retired = retired;
    }

    /** Returns the same with another limit. */
    PluginBundles within(Duration otherLimit) {
        return new PluginBundles(context, otherLimit, gate, retired);
    }

    /** Returns whether a bundle is one that the lifecycle installed, in this or an earlier run. */
    static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(PluginJar.SCHEME);
    }

    /** Returns why a jar may not be installed: signature, revocation, floor; empty if it may. */
    Optional<String> objection(PluginJar jar) {
        return gate.objection(jar);
    }

    /** Installs a jar that may be, or finds it installed. */
    InstalledPlugin install(PluginJar jar) {
        var objection = objection(jar);
        if (objection.isPresent()) {
            return failed(jar, objection.get());
        }
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
        var failure = limited("start", plugin.id(), () -> startAs(bundle));
        return failure.map(why -> plugin.failed("cannot be started: " + why)).orElse(plugin);
    }

    /** Threads that it makes get its class loader from their maker: so those that it leaves behind can be told. */
    private static void startAs(Bundle bundle) throws BundleException {
        var wiring = bundle.adapt(BundleWiring.class); // none before it is resolved
        if (wiring != null) {
            Thread.currentThread().setContextClassLoader(wiring.getClassLoader());
        }
        bundle.start(Bundle.START_TRANSIENT);
    }

    /** Stops a plug-in; returns why that failed, empty if it did not. */
    Optional<String> stop(InstalledPlugin plugin) throws InterruptedException {
        var bundle = plugin.bundle();
        return bundle == null
                ? Optional.empty()
                : limited("stop", plugin.id(), () -> bundle.stop(Bundle.STOP_TRANSIENT));
    }

    /** Returns names of the threads that a plug-in has started and that still run. */
    static List<String> threadsOf(Bundle bundle) {
        var wiring = bundle.adapt(BundleWiring.class);
        return wiring == null ? List.of() : threadsOf(wiring.getClassLoader());
    }

    /** Returns names of the threads of a class loader that still run. */
    static List<String> threadsOf(ClassLoader loader) {
        return LiveThreads.all()
                .filter(thread -> loader.equals(thread.getContextClassLoader())
                        || loader.equals(thread.getClass().getClassLoader()))
                .filter(thread -> !thread.getName().startsWith(COMPONENT_RUNTIME))
                .map(LiveThreads::name)
                .sorted()
                .toList();
    }

    /** Stops and uninstalls a version; returns what is left of it for now, in words, empty if nothing is. */
    String remove(InstalledPlugin plugin) throws InterruptedException {
        var bundle = plugin.bundle();
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return "";
        }
        var failure = limited("stop", plugin.id(), () -> stopAndUninstall(bundle));
        return failure.map(why -> "version " + plugin.version() + " stays until its stop or a restart: " + why)
                .orElse("");
    }

    /** Goes on when it is given up: a version that ends its stop late is uninstalled late. */
    private void stopAndUninstall(Bundle bundle) throws BundleException {
        try {
            bundle.uninstall();
        } catch (IllegalStateException e) {
            LOG.debug("{} was given up while it waited for the end of its start", bundle, e);
            bundle.uninstall();
        }
        retired.forget(bundle);
    }

    /** Runs a part of a plug-in's own code with the limit; returns why it failed, empty if it did not. */
    Optional<String> call(String what, PluginId id, Runnable code) throws InterruptedException {
        return limited(what, id, code::run);
    }

    /** The same for code that writes files: to interrupt it could close a file under others. */
    Optional<String> callUninterrupted(String what, PluginId id, Runnable code) throws InterruptedException {
        return limited(what, id, false, code::run);
    }

    /** Wires a bundle; it runs nothing of it. */
    void resolve(Bundle bundle) throws SwapRefusedException {
        var wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        // while other plug-ins come and go the framework now and then says no, though nothing is wrong
        for (var i = 0; i < RESOLVE_TRIES; i++) {
            if (wiring.resolveBundles(List.of(bundle)) || bundle.getState() != Bundle.INSTALLED) {
                return;
            }
            LockSupport.parkNanos(RESOLVE_PAUSE_NANOS);
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

    Bundle[] all() {
        return context.getBundles();
    }

    /**
     * What the framework says to a jar.
     *
     * @param refreshed other bundles that it would have to restart, by symbolic name
     * @param objections why it cannot be resolved, in words
     */
    record DryRun(List<String> refreshed, List<String> objections) {}

    /** Looks how a jar would be wired. It is installed for the moment, not resolved, and gone when this returns. */
    DryRun dryRun(PluginJar jar) {
        var wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        try {
            var location = PluginJar.SCHEME + "plan/" + jar.id() + "/" + UUID.randomUUID();
            var bundle = context.installBundle(location, new ByteArrayInputStream(jar.bytes()));
            try {
                var unmet = bundle
                        .adapt(BundleRevision.class)
                        .getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)
                        .stream()
                        .filter(need -> !"optional".equals(need.getDirectives().get("resolution")))
                        .filter(need -> wiring.findProviders(need).isEmpty())
                        .map(need -> "it imports " + need.getDirectives().get("filter") + ", which no bundle exports")
                        .toList();
                return new DryRun(refreshedWith(bundle), unmet);
            } finally {
                bundle.uninstall();
            }
        } catch (BundleException e) {
            return new DryRun(List.of(), List.of("the framework does not take it: " + FailureWords.of(e)));
        }
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
        return limited(what, id, true, step);
    }

    private Optional<String> limited(String what, PluginId id, boolean isInterruptible, Step step)
            throws InterruptedException {
        var failure = new AtomicReference<String>();
        var ended = new CountDownLatch(1);
        var thread = Thread.ofVirtual()
                .name("slipway-plugin-" + what + "-" + id)
                .start(() -> {
                    runStep(what, id, step).ifPresent(failure::set);
                    ended.countDown();
                });
        if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            if (isInterruptible) {
                thread.interrupt();
            }
            LOG.error("Plug-in {} hangs in its {}", id, what);
            return Optional.of("its " + what + " has not ended within " + words(limit));
        }
        return Optional.ofNullable(failure.get());
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
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
