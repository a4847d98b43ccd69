package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.AgentImage;
import io.slipway.model.image.ImageRef;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.RuntimeTraits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtimes of this node: which one serves an image, and calls to it under a lease. Thread-safe. */
final class Runtimes {

    private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);

    private final PluginSet<KernelRuntime> runtimes;
    private final Map<String, PluginId> byRegistry;

    Runtimes(PluginSet<KernelRuntime> runtimes, Map<String, PluginId> byRegistry) {
        this.runtimes = runtimes;
        this.byRegistry = Map.copyOf(byRegistry);
    }

    /** A call to a runtime. */
    interface Call<T> {
        T on(KernelRuntime runtime) throws KernelRuntimeException;
    }

    /** A call to a runtime without an answer. */
    interface Action {
        void on(KernelRuntime runtime) throws KernelRuntimeException;
    }

    SortedSet<PluginId> ids() {
        return runtimes.ids();
    }

    /**
     * Calls a runtime under a lease.
     *
     * @throws KernelRuntimeException also if the runtime is not active or breaks its contract
     */
    @SuppressWarnings("IllegalCatch") // plug-in boundary: whatever a runtime throws is its failure, not the agent's
    <T> T call(PluginId id, Call<T> call) throws KernelRuntimeException {
        var lease = runtimes.find(id)
                .orElseThrow(() ->
                        new KernelRuntimeException("runtime " + id + " is not active; active are " + runtimes.ids()));
        try (lease) {
            return call.on(lease.get());
        } catch (RuntimeException | LinkageError e) {
            throw new KernelRuntimeException("runtime " + id + " failed: " + e, e);
        }
    }

    void run(PluginId id, Action action) throws KernelRuntimeException {
        call(id, runtime -> {
            action.on(runtime);
            return id;
        });
    }

    /**
     * A runtime for an image.
     *
     * @param id which
     * @param traits what it says of itself
     */
    record Choice(PluginId id, RuntimeTraits traits) {}

    /** Chooses the runtime that serves an image's registry: the setting's, else the first that says so. */
    Optional<Choice> forImage(ImageRef image) {
        var configured = byRegistry.get(image.registry());
        return traits().entrySet().stream()
                .filter(entry -> configured == null
                        ? entry.getValue().registries().contains(image.registry())
                        : entry.getKey().equals(configured))
                .map(entry -> new Choice(entry.getKey(), entry.getValue()))
                .findFirst();
    }

    /** Returns what each runtime says of itself; one that fails to say is left out. */
    Map<PluginId, RuntimeTraits> traits() {
        var result = new TreeMap<PluginId, RuntimeTraits>();
        for (var id : runtimes.ids()) {
            try {
                result.put(id, call(id, KernelRuntime::traits));
            } catch (KernelRuntimeException e) {
                LOG.warn("runtime={} does not say what it is", id, e);
            }
        }
        return result;
    }

    /** Looks at an image; empty if it is not on the node, or if the runtime cannot tell. */
    Optional<InstalledImage> image(PluginId id, ImageRef image, Duration limit) throws KernelRuntimeException {
        return call(id, runtime -> runtime instanceof ImageStore store ? store.image(image, limit) : Optional.empty());
    }

    /** Returns whether a runtime can tell which images are on the node. */
    boolean knowsImages(PluginId id) throws KernelRuntimeException {
        return call(id, runtime -> runtime instanceof ImageStore);
    }

    /** Returns the images on the node, of every runtime that can tell. */
    List<AgentImage> images() throws AgentException {
        var images = new ArrayList<AgentImage>();
        for (var id : runtimes.ids()) {
            try {
                call(id, runtime -> runtime instanceof ImageStore store ? store.images() : List.<InstalledImage>of())
                        .forEach(image -> images.add(
                                new AgentImage(image.ref(), image.digest(), image.sizeBytes(), image.labels())));
            } catch (KernelRuntimeException e) {
                throw new AgentException(Reason.FAILED, "the images of runtime " + id + " cannot be listed", e);
            }
        }
        return images;
    }
}
