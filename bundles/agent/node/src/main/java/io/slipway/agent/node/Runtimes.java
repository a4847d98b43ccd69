package io.slipway.agent.node;

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
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtimes of this node: which one serves an image, and calls to it under a lease. Thread-safe. */
final class Runtimes {

    /** Stands in the settings for every registry that has no entry of its own and that no runtime claims. */
    static final String ANY_OTHER = "*";

    private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);

    private final PluginSet<KernelRuntime> runtimes;
    private final Map<String, PluginId> byRegistry;
    private final Map<PluginId, List<AgentImage>> lastImages = new ConcurrentHashMap<>();
    private final Set<PluginId> silent = ConcurrentHashMap.newKeySet();

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

    /**
     * Chooses the runtime that serves an image's registry: the one that the settings name for it, else the first that
     * claims it, else the one that the settings name for any other registry.
     */
    Optional<Choice> forImage(ImageRef image) {
        var all = traits();
        var configured = byRegistry.get(image.registry());
        if (configured != null) {
            return choice(all, configured);
        }
        var claiming = all.entrySet().stream()
                .filter(entry -> entry.getValue().registries().contains(image.registry()))
                .map(entry -> new Choice(entry.getKey(), entry.getValue()))
                .findFirst();
        var other = byRegistry.get(ANY_OTHER);
        return claiming.isPresent() || other == null ? claiming : choice(all, other);
    }

    private static Optional<Choice> choice(Map<PluginId, RuntimeTraits> all, PluginId id) {
        return Optional.ofNullable(all.get(id)).map(traits -> new Choice(id, traits));
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

    /**
     * Returns a runtime's ability to hold images.
     *
     * @throws KernelRuntimeException if it has none
     */
    static ImageStore images(KernelRuntime runtime) throws KernelRuntimeException {
        if (runtime instanceof ImageStore store) {
            return store;
        }
        throw new KernelRuntimeException("the runtime holds no images");
    }

    /**
     * Returns the images on the node, of every runtime that can tell. A runtime that fails to tell has those that it had
     * before, so that an engine that is down takes no other runtime's images away.
     */
    List<AgentImage> images() {
        var images = new ArrayList<AgentImage>();
        for (var id : runtimes.ids()) {
            try {
                var found = call(
                                id,
                                runtime -> runtime instanceof ImageStore store
                                        ? store.images()
                                        : List.<InstalledImage>of())
                        .stream()
                        .map(image -> new AgentImage(image.ref(), image.digest(), image.sizeBytes(), image.labels()))
                        .toList();
                lastImages.put(id, found);
                if (silent.remove(id)) {
                    LOG.info("runtime={} lists its images again", id);
                }
            } catch (KernelRuntimeException e) {
                if (silent.add(id)) {
                    LOG.warn("runtime={} does not list its images, the last list stays: {}", id, e.getMessage());
                }
            }
            images.addAll(lastImages.getOrDefault(id, List.of()));
        }
        return images;
    }
}
