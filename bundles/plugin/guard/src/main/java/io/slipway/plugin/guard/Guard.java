package io.slipway.plugin.guard;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Keeps bundles that are of the distribution or verified by the plug-in lifecycle, and no other. Thread-safe. */
final class Guard implements ResolverHookFactory, ResolverHook, SynchronousBundleListener {

    private static final System.Logger LOG = System.getLogger(Guard.class.getName()); // SLF4J is not there that early
    private static final String PLUGIN = "slipway-plugin:";

    private static final String STRANGER = "it is neither of the distribution nor a plug-in";

    private final Distribution distribution;
    private final Mode mode;
    /** Ids of bundles that may; the answer for one stays the same until its content changes. */
    private final Set<Long> allowed = ConcurrentHashMap.newKeySet();
    /** Ids of bundles of the distribution whose content is not the distribution's. */
    private final Set<Long> replaced = ConcurrentHashMap.newKeySet();

    Guard(Distribution distribution, Mode mode) {
        this.distribution = distribution;
        this.mode = mode;
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // taking one away would make the framework pass over all bundles that are resolved already
    }

    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {
        // none of its business
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        if (!isAllowed(requirement.getRevision().getBundle())) {
            candidates.clear(); // the framework asks nothing else about fragments
        }
    }

    @Override
    public void end() {
        // nothing is held
    }

    private boolean isAllowed(Bundle bundle) {
        var id = bundle.getBundleId();
        if (allowed.contains(id)) {
            return true;
        }
        if (!replaced.contains(id) && isKnown(bundle)) {
            allowed.add(id);
            return true;
        }
        return mode.isUnsignedAllowed();
    }

    private boolean isKnown(Bundle bundle) {
        return bundle.getBundleId() == 0
                || bundle.getLocation().startsWith(PLUGIN)
                || distribution.file(bundle.getLocation()).isPresent();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        var bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.INSTALLED -> installed(bundle);
            case BundleEvent.UPDATED -> updated(bundle);
            case BundleEvent.UNINSTALLED -> {
                allowed.remove(bundle.getBundleId());
                replaced.remove(bundle.getBundleId());
            }
            default -> {
                // whoever may resolve may start
            }
        }
    }

    private void installed(Bundle bundle) {
        if (!isKnown(bundle)) {
            refuse(bundle, STRANGER);
        }
    }

    /** The location stays when the content changes, so that this is looked at. */
    private void updated(Bundle bundle) {
        allowed.remove(bundle.getBundleId());
        replaced.remove(bundle.getBundleId());
        var file = distribution.file(bundle.getLocation());
        if (bundle.getLocation().startsWith(PLUGIN)) {
            refuse(bundle, "a plug-in is swapped, not updated");
        } else if (file.isEmpty()) {
            refuse(bundle, STRANGER);
        } else if (!isSame(bundle, file.get())) {
            replaced.add(bundle.getBundleId());
            tell(bundle, "its content is not what " + file.get() + " has");
            if (!mode.isUnsignedAllowed()) {
                putBack(bundle, file.get()); // before whoever ordered the update starts it again
            }
        }
    }

    private static boolean isSame(Bundle bundle, Path file) {
        try {
            return Distribution.isSame(bundle, file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "Bundle " + bundle + " cannot be compared with " + file + ": " + e);
            return false;
        }
    }

    private void putBack(Bundle bundle, Path file) {
        try (var in = Files.newInputStream(file)) {
            bundle.update(in);
            LOG.log(Level.INFO, () -> "Bundle " + bundle + " has its content of " + file + " back");
        } catch (IOException | BundleException | IllegalStateException e) {
            LOG.log(Level.ERROR, () -> "Bundle " + bundle + " cannot get its content back from " + file, e);
            refuse(bundle, "its content cannot be put back");
        }
    }

    private void tell(Bundle bundle, String why) {
        if (mode.isUnsignedAllowed()) {
            LOG.log(
                    Level.WARNING,
                    () -> "DEVELOPMENT MODE: the bundle " + named(bundle) + " may start although " + why);
        } else {
            LOG.log(
                    Level.WARNING,
                    () -> "AUDIT the bundle " + named(bundle) + " is refused: " + why
                            + "; install plug-ins by slipway:plugin-install");
        }
    }

    private static String named(Bundle bundle) {
        return bundle + " of " + bundle.getLocation();
    }

    /** Uninstalls what an earlier run left behind. */
    void sweep(Bundle... bundles) {
        for (var bundle : bundles) {
            if (!isKnown(bundle)) {
                refuse(bundle, STRANGER);
            }
        }
    }

    /** What is gone cannot start; whoever installed it hears that it is no more. */
    private void refuse(Bundle bundle, String why) {
        tell(bundle, why);
        if (mode.isUnsignedAllowed()) {
            return;
        }
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.log(Level.ERROR, () -> "Bundle " + bundle + " stays", e);
        }
    }
}
