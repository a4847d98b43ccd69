package io.slipway.runtime.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import io.slipway.model.image.ImageRef;
import io.slipway.runtime.spi.InstalledImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of this node: the built-in {@code local/python:3}, which is the node's own {@code /usr}, and unpacked root
 * file systems. {@code FOLDER/NAME} is {@code local/NAME:latest}, {@code FOLDER/NAME/TAG} is {@code local/NAME:TAG};
 * whatever has a {@code bin} or {@code usr} in it counts as a root file system. A file {@code NAME.json} or
 * {@code TAG.json} beside it may hold {@code labels}, {@code command}, {@code digest} and {@code sizeBytes}.
 */
final class LocalImages {

    static final String REGISTRY = "local";

    private static final Logger LOG = LoggerFactory.getLogger(LocalImages.class);
    // types in a cache of its own, see KernelFolder
    private static final LookupCache<Object, JavaType> TYPES = new LRUMap<>(16, 64);
    private static final JsonMapper JSON = JsonMapper.builder()
            .typeFactory(TypeFactory.defaultInstance().withCache(TYPES))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int DESCRIPTION_LIMIT = 256 * 1024;
    private static final Path HOST_PYTHON = Path.of("/usr/bin/python3");
    private static final List<String> PYTHONS =
            List.of("/usr/bin/python3", "/usr/local/bin/python3", "/opt/conda/bin/python3", "/bin/python3");
    private static final List<String> SHELLS = List.of("/bin/sh");
    private static final List<String> WAIT_FOR_EVER = List.of("/bin/sh", "-c", "exec sleep infinity");
    private static final Map<String, String> PYTHON_LABELS = Map.of(
            "ai.backend.kernelspec", "1",
            "ai.backend.role", "COMPUTE",
            "ai.backend.features", "query batch user-input uid-match",
            "ai.backend.resource.min.cpu", "1",
            "ai.backend.resource.min.mem", "64m",
            "ai.backend.runtime-type", "python",
            "ai.backend.runtime-path", "/usr/bin/python3",
            "ai.backend.envs.corecount", "OPENBLAS_NUM_THREADS,OMP_NUM_THREADS,NPROC");

    private final Path folder;
    private final String architecture;
    private final Set<Path> reported = ConcurrentHashMap.newKeySet();

    LocalImages(Path folder, String architecture) {
        this.folder = folder;
        this.architecture = architecture;
    }

    /**
     * An image and how to run it.
     *
     * @param installed what others see of it
     * @param root its root file system; null for the node's own {@code /usr}
     * @param command what runs if nothing else is asked for
     */
    record LocalImage(InstalledImage installed, @Nullable Path root, List<String> command) {}

    /** What may be written beside a root file system. */
    record Description(
            @Nullable Map<String, String> labels,
            @Nullable List<String> command,
            @Nullable String digest,
            long sizeBytes) {

        static final Description NONE = new Description(null, null, null, 0);
    }

    List<LocalImage> all() throws IOException {
        var images = new ArrayList<LocalImage>();
        builtIn().ifPresent(images::add);
        for (var name : folders(folder)) {
            if (isRoot(name)) {
                image(name, "latest", name).ifPresent(images::add);
            } else {
                for (var tag : folders(name)) {
                    if (isRoot(tag)) {
                        image(name, String.valueOf(tag.getFileName()), tag).ifPresent(images::add);
                    }
                }
            }
        }
        return images;
    }

    Optional<LocalImage> find(ImageRef ref) throws IOException {
        if (!ref.registry().equals(REGISTRY)) {
            return Optional.empty();
        }
        return all().stream()
                .filter(image -> image.installed().ref().equals(ref))
                .findFirst();
    }

    private Optional<LocalImage> builtIn() throws IOException {
        if (!Files.isExecutable(HOST_PYTHON)) {
            return Optional.empty();
        }
        // another Python or another set of packages is another image
        var digest = HOST_PYTHON.toRealPath().getFileName() + "-" + stamp(HOST_PYTHON) + "-"
                + stamp(Path.of("/var/lib/dpkg/status"));
        return Optional.of(new LocalImage(
                new InstalledImage(
                        new ImageRef(REGISTRY, "python", "3", architecture), "host:" + digest, 0, PYTHON_LABELS, true),
                null,
                WAIT_FOR_EVER));
    }

    private Optional<LocalImage> image(Path name, String tag, Path root) throws IOException {
        var description = description(root.resolveSibling(root.getFileName() + ".json"));
        try {
            var ref = new ImageRef(REGISTRY, String.valueOf(name.getFileName()), tag, architecture);
            var digest = description.digest() == null ? "mtime:" + stamp(root) : description.digest();
            var labels = description.labels() == null ? Map.<String, String>of() : description.labels();
            return Optional.of(new LocalImage(
                    new InstalledImage(
                            ref, digest, description.sizeBytes(), labels, inside(root, PYTHONS), inside(root, SHELLS)),
                    root.toRealPath(),
                    description.command() == null ? WAIT_FOR_EVER : List.copyOf(description.command())));
        } catch (IllegalArgumentException e) {
            warnOnce(root, "is no image: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Description description(Path file) throws IOException {
        var text = OwnFiles.read(file, DESCRIPTION_LIMIT);
        if (text.isEmpty()) {
            return Description.NONE;
        }
        try {
            return JSON.readValue(text.get(), Description.class);
        } catch (JsonProcessingException e) {
            warnOnce(file, "cannot be read and is left out: " + e.getOriginalMessage());
            return Description.NONE;
        }
    }

    /** Images are looked at every few seconds; one word about a mistake is enough. */
    private void warnOnce(Path file, String what) {
        if (reported.add(file)) {
            LOG.warn("{} {}", file, what);
        }
    }

    /** Looks without following a link out of the image; a link that stays inside is enough. */
    private static @Nullable String inside(Path root, List<String> places) {
        for (var place : places) {
            var file = root.resolve(place.substring(1));
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file)) {
                return place;
            }
        }
        return null;
    }

    private static boolean isRoot(Path folder) {
        return Files.exists(folder.resolve("bin"), LinkOption.NOFOLLOW_LINKS)
                || Files.exists(folder.resolve("usr"), LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> folders(Path parent) throws IOException {
        var result = new ArrayList<Path>();
        if (Files.isDirectory(parent)) {
            try (var entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
                entries.forEach(result::add);
            }
        }
        result.sort(null);
        return result;
    }

    private static String stamp(Path file) throws IOException {
        return Files.exists(file)
                ? Long.toHexString(Files.getLastModifiedTime(file).toMillis())
                : "0";
    }
}
