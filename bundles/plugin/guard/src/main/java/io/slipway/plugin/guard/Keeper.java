package io.slipway.plugin.guard;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Keeps the guard's own bundle: whoever stops it, removes it or has it start late gets it back as it was, so that the next
 * start of the server is guarded too. Meanwhile the guard itself goes on.
 */
final class Keeper implements SynchronousBundleListener {

    private static final System.Logger LOG = System.getLogger(Keeper.class.getName()); // SLF4J is not there that early
    private static final int FIRST_LEVEL = 1;
    private static final int TRIES = 20;
    private static final long PAUSE_NANOS = 100_000_000;

    private final BundleContext framework;
    private final String location;
    private final Distribution distribution;
    private final Runnable leave;
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * Creates one.
     *
     * @param framework the framework's own context, which outlives the guard's bundle
     * @param location of the guard's bundle
     * @param leave ends this guard; called when another one has taken its place
     */
    Keeper(BundleContext framework, String location, Distribution distribution, Runnable leave) {
        this.framework = framework;
        this.location = location;
        this.distribution = distribution;
        this.leave = leave;
    }

    static boolean isStopping(BundleContext framework) {
        return framework.getBundle().getState() != Bundle.ACTIVE
                && framework.getBundle().getState() != Bundle.STARTING;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        startFirst(); // nobody is told when its level changes
        if (isStopping(framework) || !event.getBundle().getLocation().equals(location)) {
            return;
        }
        switch (event.getType()) {
            case BundleEvent.STARTED -> started(event.getBundle());
            case BundleEvent.STOPPED, BundleEvent.UNINSTALLED ->
                Thread.ofVirtual().name("slipway-guard").start(this::comeBack);
            default -> {
                // on the way to one of these
            }
        }
    }

    /** Code of another class loader guards from now on: the bundle's own, after it was updated or installed anew. */
    private void started(Bundle bundle) {
        var wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null && !wiring.getClassLoader().equals(Keeper.class.getClassLoader())) {
            leave.run();
        }
    }

    /** One at a time, and again while somebody else is at it: a bundle that is being removed can be neither started nor installed. */
    private void comeBack() {
        turn.lock();
        try {
            for (var i = 1; !isThere() && !isStopping(framework); i++) {
                if (i == 1) {
                    LOG.log(
                            Level.WARNING,
                            () -> "AUDIT somebody has stopped the guard " + location + "; it starts again");
                }
                if (bringBack(i == TRIES) || i == TRIES) {
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            turn.unlock();
        }
    }

    private boolean isThere() {
        var bundle = framework.getBundle(location);
        return bundle != null && bundle.getState() == Bundle.ACTIVE;
    }

    private boolean bringBack(boolean isLast) {
        try {
            var found = framework.getBundle(location);
            var bundle = found == null ? install() : found;
            startFirst(bundle);
            bundle.start();
            return true;
        } catch (IOException | BundleException | IllegalStateException e) {
            LOG.log(isLast ? Level.ERROR : Level.DEBUG, () -> "The guard " + location + " cannot be started", e);
            return false;
        }
    }

    private Bundle install() throws IOException, BundleException {
        var file = distribution.file(location).orElseThrow(() -> new IOException("its file is gone"));
        try (InputStream in = Files.newInputStream(file)) {
            return framework.installBundle(location, in);
        }
    }

    private void startFirst() {
        var bundle = framework.getBundle(location);
        if (bundle != null) {
            startFirst(bundle);
        }
    }

    private static void startFirst(Bundle bundle) {
        var level = bundle.adapt(BundleStartLevel.class);
        if (level.getStartLevel() != FIRST_LEVEL) {
            level.setStartLevel(FIRST_LEVEL);
        }
    }
}
