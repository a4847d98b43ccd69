package io.slipway.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.PullResponseItem;
import io.slipway.model.image.ImageRef;
import io.slipway.runtime.spi.ImageStore.PullProgress;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's images. What is inside of one is looked up once. Thread-safe. */
final class EngineImages {

    static final String PROBE = "io.slipway.runtime.docker.probe";

    private static final Logger LOG = LoggerFactory.getLogger(EngineImages.class);
    /** A pull may take an hour, but an engine that says nothing about what it has for so long hangs. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);

    private static final long REPORT_MILLIS = 300;
    /** Long enough for one start, which asks three times, and short enough that nobody misses a change. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int MOST_KNOWN = 2_000;
    private static final List<String> USUAL_FOLDERS = List.of("/usr/bin", "/usr/local/bin", "/bin", "/opt/conda/bin");

    private final Engine engine;
    private final DockerSettings settings;
    private final ConcurrentMap<String, Inside> inside = new ConcurrentHashMap<>();
    private final ConcurrentMap<ImageRef, Look> looks = new ConcurrentHashMap<>();
    private volatile String architecture = "";

    EngineImages(Engine engine, DockerSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    private record Inside(@Nullable String python, @Nullable String shell) {}

    /** What the engine said of an image a moment ago. */
    private record Look(InspectImageResponse found, long nanos) {

        boolean isFresh() {
            return System.nanoTime() - nanos < LOOK_NANOS;
        }
    }

    List<InstalledImage> all() throws KernelRuntimeException {
        return engine.call("list of images", Engine.SHORT, line -> {
            var own = architecture(line);
            var result = new ArrayList<InstalledImage>();
            for (var image : line.listImagesCmd().exec()) {
                for (var tag : Objects.requireNonNullElse(image.getRepoTags(), new String[0])) {
                    ImageNames.read(tag, own).ifPresent(ref -> result.add(listed(ref, image)));
                }
            }
            return result;
        });
    }

    private InstalledImage listed(ImageRef ref, Image image) {
        var known = inside.getOrDefault(image.getId(), new Inside(null, null));
        var labels = Objects.requireNonNullElse(image.getLabels(), Map.<String, String>of());
        return new InstalledImage(ref, image.getId(), image.getSize(), labels, known.python(), known.shell());
    }

    private String architecture(DockerClient line) {
        if (architecture.isEmpty()) {
            architecture = ImageNames.architecture(
                    Objects.requireNonNullElse(line.versionCmd().exec().getArch(), ""));
        }
        return architecture;
    }

    Optional<InstalledImage> find(ImageRef image, Duration limit) throws KernelRuntimeException {
        var most = limit.compareTo(LOOK_LIMIT) < 0 ? limit : LOOK_LIMIT;
        return engine.call("look at image " + image, most, line -> {
            try {
                return Optional.of(installed(line, image, look(line, image)));
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private InspectImageResponse look(DockerClient line, ImageRef image) {
        var known = looks.get(image);
        if (known != null && known.isFresh()) {
            return known.found();
        }
        looks.remove(image);
        var found = line.inspectImageCmd(image.canonical()).exec();
        if (looks.size() > MOST_KNOWN) {
            looks.clear();
        }
        looks.put(image, new Look(found, System.nanoTime()));
        return found;
    }

    /** Returns an image's own variables. */
    List<String> environment(DockerClient line, ImageRef image) {
        return environment(look(line, image));
    }

    /** Asks the engine anew next time: the image is not what it was. */
    void forget(ImageRef image) {
        looks.remove(image);
    }

    private InstalledImage installed(DockerClient line, ImageRef image, InspectImageResponse found) throws IOException {
        var id = Objects.requireNonNull(found.getId(), "image without id");
        var known = inside.get(id);
        if (known == null) {
            known = lookInside(line, id, environment(found));
            if (inside.size() > MOST_KNOWN) {
                inside.clear();
            }
            inside.put(id, known);
        }
        var size = Objects.requireNonNullElse(found.getSize(), 0L);
        return new InstalledImage(image, id, size, labels(found), known.python(), known.shell());
    }

    private static Map<String, String> labels(InspectImageResponse found) {
        var config = found.getConfig();
        var labels = config == null ? null : config.getLabels();
        return labels == null ? Map.of() : labels;
    }

    private static List<String> environment(InspectImageResponse found) {
        var config = found.getConfig();
        var lines = config == null ? null : config.getEnv();
        return lines == null ? List.of() : List.of(lines);
    }

    /** The engine shows the files of containers only; this one never runs. */
    private Inside lookInside(DockerClient line, String id, List<String> environment) throws IOException {
        var probe = line.createContainerCmd(id)
                .withLabels(Map.of(PROBE, settings.owner()))
                .withEntrypoint(List.of("/never"))
                .withNetworkDisabled(true)
                .exec()
                .getId();
        try {
            String python = null;
            for (var folder : folders(environment)) {
                var place = folder + "/python3";
                if (python == null && isThere(line, probe, place)) {
                    python = place;
                }
            }
            return new Inside(python, isThere(line, probe, "/bin/sh") ? "/bin/sh" : null);
        } finally {
            remove(line, probe);
        }
    }

    private static Iterable<String> folders(List<String> environment) {
        var result = new LinkedHashSet<>(USUAL_FOLDERS);
        for (var entry : environment) {
            if (entry.startsWith("PATH=")) {
                for (var folder : entry.substring("PATH=".length()).split(":", -1)) {
                    if (folder.startsWith("/") && folder.length() > 1) {
                        result.add(folder);
                    }
                }
            }
        }
        return result;
    }

    private static boolean isThere(DockerClient line, String container, String place) throws IOException {
        try (var archive = line.copyArchiveFromContainerCmd(container, place).exec()) {
            return archive.read() >= 0;
        } catch (NotFoundException e) {
            if (Engine.words(e).contains("No such container")) {
                throw new IOException("the container to look into an image was removed", e);
            }
            return false;
        }
    }

    /**
     * Removes containers that a process made to look into an image and that it did not live to remove.
     *
     * @param age younger ones may be in use
     */
    void clearProbes(Duration age) throws KernelRuntimeException {
        engine.call("removal of old looks into images", Engine.SHORT, line -> {
            var probes = line.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(PROBE, settings.owner()))
                    .exec();
            var latest = Instant.now().minus(age).getEpochSecond();
            for (var probe : probes) {
                if (Objects.requireNonNullElse(probe.getCreated(), 0L) < latest) {
                    remove(line, probe.getId());
                }
            }
            return probes;
        });
    }

    private static void remove(DockerClient line, String probe) {
        try {
            line.removeContainerCmd(probe)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException e) {
            // another thread is at it
            LOG.debug("container={} is being removed", probe, e);
        }
    }

    void pull(ImageRef image, Duration limit, Consumer<PullProgress> progress) throws KernelRuntimeException {
        forget(image);
        var meter = new PullMeter();
        var begin = System.nanoTime();
        engine.call(
                "pull of image " + image,
                limit,
                line -> line.pullImageCmd(image.registry() + "/" + image.name())
                        .withTag(image.tag())
                        .exec(meter));
        try (meter) {
            while (!meter.ended.await(REPORT_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.accept(meter.progress());
                if (System.nanoTime() - begin > limit.toNanos()) {
                    throw new KernelRuntimeException(
                            "image " + image + " was not pulled within " + limit.toSeconds() + " s");
                }
            }
            meter.awaitCompletion();
            progress.accept(meter.progress());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the pull of image " + image + " was interrupted", e);
        } catch (DockerException e) {
            throw new KernelRuntimeException("image " + image + " cannot be pulled: " + Engine.words(e), e);
        } catch (IOException e) {
            throw new KernelRuntimeException("image " + image + " cannot be pulled: " + e.getMessage(), e);
        }
        var error = meter.error;
        if (!error.isEmpty()) {
            throw new KernelRuntimeException("image " + image + " cannot be pulled: " + error);
        }
        if (find(image, limit).isEmpty()) {
            throw new KernelRuntimeException("image " + image + " cannot be pulled: the engine broke off");
        }
    }

    void remove(ImageRef image, Duration limit) throws KernelRuntimeException {
        engine.call("removal of image " + image, limit, line -> {
            try {
                forget(image);
                line.removeImageCmd(image.canonical()).exec();
            } catch (NotFoundException e) {
                // not there, which is what is wanted
                return image;
            }
            return image;
        });
    }

    /** Reads the stream of a pull, in which errors come as well as progress, under HTTP status 200. */
    static final class PullMeter extends ResultCallback.Adapter<PullResponseItem> {

        private final ConcurrentMap<String, PullProgress> layers = new ConcurrentHashMap<>();
        /** The library's own wait breaks the pull off when its time is over. */
        private final CountDownLatch ended = new CountDownLatch(1);

        private volatile String error = "";

        @Override
        public void onComplete() {
            super.onComplete();
            ended.countDown();
        }

        @Override
        public void onError(Throwable failure) {
            super.onError(failure);
            ended.countDown();
        }

        @Override
        public void onNext(PullResponseItem item) {
            var detail = item.getErrorDetail();
            if (detail != null) {
                error = String.valueOf(detail.getMessage());
            }
            var step = item.getProgressDetail();
            var layer = item.getId();
            if (step == null || layer == null || !"Downloading".equals(item.getStatus())) {
                return;
            }
            var current = Objects.requireNonNullElse(step.getCurrent(), 0L);
            layers.put(layer, new PullProgress(current, Objects.requireNonNullElse(step.getTotal(), current)));
        }

        String error() {
            return error;
        }

        PullProgress progress() {
            var current = 0L;
            var total = 0L;
            for (var layer : layers.values()) {
                current += layer.currentBytes();
                total += layer.totalBytes();
            }
            return new PullProgress(current, total);
        }
    }
}
