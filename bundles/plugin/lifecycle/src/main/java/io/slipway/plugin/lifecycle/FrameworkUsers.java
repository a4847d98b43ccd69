package io.slipway.plugin.lifecycle;

import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Felix 7.0.5 remembers a bundle as a user of every service that it has ever had, by no public means to be forgotten: also
 * when it has let go of it and is uninstalled, as long as the service is there. The component runtime takes the
 * configuration service in the name of each bundle, so some 17 KB of each retired version would stay. This lets go of
 * them, in the framework's own field; on a framework without that field nothing happens.
 */
final class FrameworkUsers {

    private static final Logger LOG = LoggerFactory.getLogger(FrameworkUsers.class);

    private final @Nullable Map<?, ?> usesByBundle;

    /**
     * Creates one.
     *
     * @param framework the system bundle
     */
    FrameworkUsers(Bundle framework) {
        this.usesByBundle = find(framework);
    }

    private static @Nullable Map<?, ?> find(Bundle framework) {
        try {
            return valueOf(valueOf(framework, "m_registry"), "m_inUseMap") instanceof Map<?, ?> map ? map : null;
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            LOG.info("The framework keeps a little of each retired version of a plug-in: {}", e.toString());
            return null;
        }
    }

    private static Object valueOf(Object owner, String name) throws ReflectiveOperationException {
        var field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    /** Lets go of every bundle that is uninstalled: it uses nothing, and never will. */
    void forgetUninstalled() {
        if (usesByBundle != null) {
            usesByBundle
                    .keySet()
                    .removeIf(user -> user instanceof Bundle bundle && bundle.getState() == Bundle.UNINSTALLED);
        }
    }
}
