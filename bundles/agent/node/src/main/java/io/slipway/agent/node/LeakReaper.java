package io.slipway.agent.node;

import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.OwnedKernel;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what kernels left behind: folders of kernels that nobody has, containers of kernels that ended; takes over
 * containers that nobody knows. Acts only on what two looks in a row find. A runtime that does not answer keeps its own
 * containers and every home, of which one may be its, but no other runtime's containers.
 */
final class LeakReaper {

    private static final Logger LOG = LoggerFactory.getLogger(LeakReaper.class);

    private final NodeParts parts;
    private final Recovery recovery;
    // the thread of the look
    private Set<KernelId> suspectHomes = Set.of();
    private Set<KernelId> suspectContainers = Set.of();

    LeakReaper(NodeParts parts, Recovery recovery) {
        this.parts = parts;
        this.recovery = recovery;
    }

    void look() {
        try {
            if (!recovery.isComplete()) {
                return;
            }
            var homes = parts.homes().list();
            var containers = new HashMap<KernelId, Owner>();
            var doAllAnswer = list(containers);
            homes.removeIf(kernel -> !doAllAnswer || isLive(kernel) || containers.containsKey(kernel));
            var strays = new HashSet<>(containers.keySet());
            strays.removeIf(this::isLive);
            reapHomes(homes);
            reapContainers(strays, containers);
        } catch (IOException e) {
            LOG.warn("Leaks cannot be looked for now: {}", e.toString());
            suspectHomes = Set.of();
            suspectContainers = Set.of();
        }
    }

    private void reapHomes(Set<KernelId> found) {
        for (var kernel : found) {
            if (suspectHomes.contains(kernel)) {
                LOG.warn("kernel={} is gone, its folders are removed", kernel);
                parts.driver().close(kernel);
                try {
                    parts.homes().delete(kernel);
                } catch (IOException e) {
                    LOG.warn("The home folder of kernel={} could not be deleted", kernel, e);
                }
            }
        }
        suspectHomes = Set.copyOf(found);
    }

    private void reapContainers(Set<KernelId> found, Map<KernelId, Owner> containers) {
        for (var kernel : found) {
            var owner = containers.get(kernel);
            if (owner != null && suspectContainers.contains(kernel)) {
                if (parts.table().find(kernel).isEmpty()) {
                    recovery.adopt(owner.runtime(), owner.kernel());
                } else {
                    removeAgain(owner);
                }
            }
        }
        suspectContainers = Set.copyOf(found);
    }

    private void removeAgain(Owner owner) {
        var kernel = owner.kernel().kernel();
        LOG.warn("kernel={} has ended, its container is removed once more", kernel);
        try {
            parts.runtimes().run(owner.runtime(), runtime -> runtime.stop(kernel, Duration.ZERO));
            parts.runtimes().run(owner.runtime(), runtime -> runtime.remove(kernel));
        } catch (KernelRuntimeException e) {
            LOG.warn("kernel={} its container cannot be removed now: {}", kernel, e.getMessage());
        }
    }

    private boolean isLive(KernelId id) {
        return parts.table()
                .find(id)
                .filter(kernel -> kernel.stage() != NodeKernel.Stage.ENDED)
                .isPresent();
    }

    private record Owner(PluginId runtime, OwnedKernel kernel) {}

    /** Enters what the runtimes have; returns whether all of them have told. */
    private boolean list(Map<KernelId, Owner> containers) {
        var doAllAnswer = true;
        for (var id : parts.runtimes().ids()) {
            try {
                parts.runtimes()
                        .call(id, KernelRuntime::list)
                        .forEach(owned -> containers.put(owned.kernel(), new Owner(id, owned)));
            } catch (KernelRuntimeException e) {
                LOG.warn(
                        "runtime={} does not tell its kernels; its leaks are looked for later: {}", id, e.getMessage());
                doAllAnswer = false;
            }
        }
        return doAllAnswer;
    }
}
