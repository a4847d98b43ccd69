package io.slipway.manager.images;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentImage;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.api.ImageScan;
import io.slipway.manager.store.ImageStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import io.slipway.model.setting.ListSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings images that agents have into the catalog, when an agent's list of names changes and every few minutes. */
@Component(configurationPid = "io.slipway.manager.images", immediate = true)
@Designate(ocd = ImageDiscovery.Config.class)
public final class ImageDiscovery implements ImageScan {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway image discovery")
    public @interface Config {
        @AttributeDefinition(
                description = "Aliases given to images when they first appear, each as alias=canonical name")
        String[] aliases() default {"python=local/python:3"};

        @AttributeDefinition(
                description = "Pause between two looks at images whose names stayed the same, in seconds",
                min = "1")
        long refreshEverySeconds() default 120;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ImageDiscovery.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ImageStore store;
    private final AgentDirectory directory;
    private final Map<String, String> aliases;
    private final Duration refreshEvery;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-image-discovery").factory());
    // the thread of the discovery
    private final Map<AgentId, List<String>> seen = new HashMap<>();
    private @Nullable AutoCloseable registration;

    /** Used by the component runtime. */
    @Activate
    public ImageDiscovery(@Reference ImageStore store, @Reference AgentDirectory directory, Config config) {
        this(store, directory, aliases(config.aliases()), Duration.ofSeconds(config.refreshEverySeconds()));
    }

    ImageDiscovery(ImageStore store, AgentDirectory directory, Map<String, String> aliases, Duration refreshEvery) {
        this.store = store;
        this.directory = directory;
        this.aliases = Map.copyOf(aliases);
        this.refreshEvery = refreshEvery;
    }

    static Map<String, String> aliases(String[] entries) {
        var result = new HashMap<String, String>();
        for (var entry : ListSetting.values(entries)) {
            var parts = entry.split("=", -1);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new IllegalArgumentException("aliases: '" + entry + "' is not alias=canonical name");
            }
            result.put(parts[0].strip(), parts[1].strip());
        }
        return result;
    }

    @Activate
    void start() {
        registration = directory.onChange(this::wake);
        var pause = refreshEvery.toMillis();
        var rounds = thread.scheduleWithFixedDelay(this::lookAgain, pause, pause, TimeUnit.MILLISECONDS);
        LOG.debug("Image discovery started: {}", !rounds.isDone());
        wake();
    }

    /** Interrupts nobody: whoever writes to an embedded database must not be interrupted. */
    @Deactivate
    @SuppressWarnings("IllegalCatch") // AutoCloseable may throw anything; a stop must go on
    void stop() {
        try {
            if (registration != null) {
                registration.close();
            }
        } catch (Exception e) {
            LOG.warn("The directory of agents goes on telling changes", e);
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Image discovery is still busy {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Several changes in a row cause one look. */
    private void wake() {
        if (isDue.compareAndSet(false, true)) {
            schedule(Duration.ZERO);
        }
    }

    private void schedule(Duration delay) {
        try {
            var look = thread.schedule(this::lookAndSurvive, delay.toMillis(), TimeUnit.MILLISECONDS);
            LOG.trace("Look at images scheduled: {}", !look.isDone());
        } catch (RejectedExecutionException e) {
            LOG.debug("Image discovery stops", e);
        }
    }

    private void lookAgain() {
        seen.clear();
        lookAndSurvive();
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later looks
    private void lookAndSurvive() {
        isDue.set(false);
        try {
            if (!look()) {
                schedule(RETRY);
            }
        } catch (RuntimeException e) {
            LOG.error("Images of agents could not be brought into the catalog, next try in {}", RETRY, e);
            schedule(RETRY);
        }
    }

    @Override
    public Report scan() {
        var taken = new ArrayList<String>();
        var present = new HashSet<ImageRef>();
        var failures = new ArrayList<Failure>();
        for (var view : directory.agents()) {
            var id = view.record().id();
            try {
                var agent = directory.connect(id);
                if (agent.isEmpty()) {
                    failures.add(new Failure(id, "it cannot be reached now"));
                } else {
                    var images = agent.get().images();
                    images.forEach(image -> present.add(image.ref()));
                    taken.addAll(save(images));
                }
            } catch (AgentException | SlipwayException e) {
                failures.add(new Failure(id, String.valueOf(e.getMessage())));
            }
        }
        var names = taken.stream().distinct().toList();
        return new Report(names, present.size() - names.size(), failures);
    }

    /** Looks at every agent whose list of images changed; returns false if one has to be asked again. */
    boolean look() {
        var isComplete = true;
        var present = new HashSet<AgentId>();
        for (var view : directory.agents()) {
            var id = view.record().id();
            present.add(id);
            if (!view.installedImages().isEmpty() && !view.installedImages().equals(seen.get(id))) {
                isComplete &= take(view);
            }
        }
        seen.keySet().retainAll(present);
        return isComplete;
    }

    private boolean take(AgentView view) {
        var id = view.record().id();
        var agent = directory.connect(id);
        if (agent.isEmpty()) {
            // a change is told when it can be called again
            return true;
        }
        try {
            var taken = save(agent.get().images());
            LOG.debug("agent={} images taken={}", id, taken.size());
            seen.put(id, view.installedImages());
            return true;
        } catch (AgentException | SlipwayException e) {
            LOG.warn("Images of agent={} could not be brought into the catalog: {}", id, e.getMessage());
            return false;
        }
    }

    /** Stores what is new or changed and returns its names. */
    private List<String> save(List<AgentImage> images) {
        var changed = new ArrayList<Image>();
        for (var image : images) {
            var known = store.find(image.ref());
            var minimum = ImageMinimum.of(image.ref().canonical(), image.labels());
            if (known.isPresent()
                    && known.get().digest().equals(image.digest())
                    && known.get().labels().equals(image.labels())
                    && known.get().sizeBytes() == image.sizeBytes()
                    && known.get().minimum().equals(minimum)) {
                continue;
            }
            var id = known.map(Image::id).orElseGet(UUID::randomUUID);
            changed.add(
                    new Image(id, image.ref(), image.digest(), image.sizeBytes(), image.labels(), List.of(), minimum));
        }
        var names = changed.stream().map(image -> image.ref().canonical()).toList();
        if (!changed.isEmpty()) {
            store.save(changed);
            LOG.info("images={} brought into the catalog", names);
        }
        images.forEach(image -> alias(image.ref()));
        return names;
    }

    /** An alias that an operator gave to another image stays there. */
    private void alias(ImageRef ref) {
        aliases.forEach((alias, canonical) -> {
            if (canonical.equals(ref.canonical())
                    && store.findByAlias(alias, ref.architecture()).isEmpty()) {
                store.alias(alias, ref);
                LOG.info("alias={} names image={}", alias, ref);
            }
        });
    }
}
