package io.slipway.plugin.guard;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
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
    private static final String NOT_VERIFIED = "the plug-in lifecycle has not installed it";
    private static final String OTHER_CONTENT = "its content is not what the distribution has";

    private final Distribution distribution;
    private final Mode mode;
    /** Bundles that may; the answer for one stays the same until its content changes. */
    private final Checked checked;

    Guard(Distribution distribution, Mode mode, Checked checked) {
        this.distribution = distribution;
        this.mode = mode;
        this.checked = checked;
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
        return bundle.getBundleId() == 0 || checked.has(bundle) || mode.isUnsignedAllowed();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        var bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.INSTALLED -> {
                if (bundle.getState() != Bundle.UNINSTALLED) { // by another listener
                    installed(bundle);
                }
            }
            case BundleEvent.UPDATED -> updated(bundle);
            case BundleEvent.UNINSTALLED -> checked.forget(bundle);
            default -> {
                // whoever may resolve may start
            }
        }
    }

    private void installed(Bundle bundle) {
        var objection = isPlugin(bundle) && Installer.isLifecycle(this::isShipped)
                ? Optional.<String>empty()
                : objection(bundle);
        objection.ifPresentOrElse(why -> refuse(bundle, why), () -> accept(bundle));
    }

    /** What an unsigned bundle was let in for is judged anew when that is over. */
    private void accept(Bundle bundle) {
        if (!isPlugin(bundle) || !mode.isUnsignedAllowed()) {
            checked.add(bundle);
        }
    }

    private boolean isShipped(Bundle bundle) {
        return distribution.file(bundle.getLocation()).isPresent() && isAllowed(bundle);
    }

    private static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(PLUGIN);
    }

    /** Returns why a bundle may not be there, by its location and content alone; empty if it may. */
    private Optional<String> objection(Bundle bundle) {
        if (isPlugin(bundle)) {
            return Optional.of(NOT_VERIFIED);
        }
        var file = distribution.file(bundle.getLocation());
        if (file.isEmpty()) {
            return Optional.of(STRANGER);
        }
        return isSame(bundle, file.get()) ? Optional.empty() : Optional.of(OTHER_CONTENT);
    }

    /** The location stays when the content changes, so that this is looked at. */
    private void updated(Bundle bundle) {
        checked.forget(bundle);
        if (isPlugin(bundle)) {
            refuse(bundle, "a plug-in is swapped, not updated");
        } else {
            judgePresent(bundle);
        }
    }

    /** Of a bundle that was there before: one of the distribution is put right, as nobody could do without it. */
    private void judgePresent(Bundle bundle) {
        var objection = objection(bundle);
        var file = distribution.file(bundle.getLocation());
        if (objection.isEmpty()) {
            checked.add(bundle);
        } else if (file.isEmpty()) {
            refuse(bundle, objection.get());
        } else {
            tell(bundle, objection.get());
            if (!mode.isUnsignedAllowed()) {
                putBack(bundle, file.get()); // before whoever ordered an update starts it again
            }
        }
    }

    private static boolean isSame(Bundle bundle, Path file) {
        try {
            return Distribution.isSame(bundle, file);
        } catch (IOException | IllegalStateException e) {
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

    /** Looks at what an earlier run left behind, as far as that run has not found it in order. */
    void sweep(Bundle... bundles) {
        for (var bundle : bundles) {
            if (bundle.getBundleId() != 0 && !checked.has(bundle)) {
                judgePresent(bundle);
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
            if (bundle.getState() != Bundle.UNINSTALLED) {
                LOG.log(Level.ERROR, () -> "Bundle " + bundle + " stays", e);
            }
        }
    }
}
