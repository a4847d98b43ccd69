package io.slipway.plugin.lifecycle;

import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what others remember of a bundle that is gone; some 17 KB of each retired version would stay. Neither has a
 * public means for it, so this is done in their own fields; where those are not, as in another version, nothing happens.
 *
 * <ul>
 *   <li>Felix 7.0.5 keeps a bundle as a user of each service that it ever had, as long as that service is there. The
 *       component runtime takes the configuration service in the name of every bundle.
 *   <li>Pax Logging 2.3.2 keeps every logger, with its bundle, until it is stopped itself.
 * </ul>
 */
final class RetiredBundles {

    private final @Nullable Map<?, ?> usesByBundle;
    private final @Nullable Map<?, ?> loggersByName;

    /**
     * Creates one.
     *
     * @param framework the system bundle
     */
    RetiredBundles(Bundle framework) {
        this(framework, LoggerFactory.getILoggerFactory());
    }

    RetiredBundles(Bundle framework, ILoggerFactory loggers) {
        this.usesByBundle = find(framework, "m_registry", "m_inUseMap");
        this.loggersByName = find(loggers, "m_paxLogging", "m_loggers");
    }

    private static @Nullable Map<?, ?> find(Object owner, String field, String fieldOfIt) {
        try {
            return valueOf(valueOf(owner, field), fieldOfIt) instanceof Map<?, ?> map ? map : null;
        } catch (ReflectiveOperationException | InaccessibleObjectException | NullPointerException e) {
            return null;
        }
    }

    private static Object valueOf(Object owner, String name) throws ReflectiveOperationException {
        var field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    /** Lets go of a bundle that is uninstalled: it uses nothing, and never will. */
    void forget(Bundle bundle) {
        if (usesByBundle != null) {
            usesByBundle.keySet().remove(bundle);
        }
        if (loggersByName != null) {
            var suffix = "#" + bundle.getBundleId();
            synchronized (loggersByName) { // as its owner does
                loggersByName.keySet().removeIf(name -> name.toString().endsWith(suffix));
            }
        }
    }
}
