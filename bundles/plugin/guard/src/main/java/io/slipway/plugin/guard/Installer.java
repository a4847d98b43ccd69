package io.slipway.plugin.guard;

import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Who installs a bundle. The code itself is asked: a location, and even another's context, is at everybody's disposal. */
final class Installer {

    private static final String LIFECYCLE = "mvn:io.slipway/io.slipway.plugin.lifecycle/";

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Installer() {}

    /**
     * Returns whether the plug-in lifecycle, which verifies before it installs, called for the install that this thread
     * is in.
     *
     * @param shipped whether a bundle is what the distribution has
     */
    static boolean isLifecycle(Predicate<Bundle> shipped) {
        return STACK.walk(frames -> frames.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                        .dropWhile(code -> !BundleContext.class.isAssignableFrom(code))
                        .dropWhile(BundleContext.class::isAssignableFrom)
                        .findFirst())
                .map(FrameworkUtil::getBundle)
                .filter(bundle -> bundle.getLocation().startsWith(LIFECYCLE))
                .filter(shipped)
                .isPresent();
    }
}
