package io.slipway.runtime.noop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file per kernel, replaced by rename and not forced to disk: it survives the end of the process, not of the machine. */
final class KernelFiles {

    private static final Logger LOG = LoggerFactory.getLogger(KernelFiles.class);
    private static final String SUFFIX = ".json";
    // a cache of its own: Jackson's common one would keep the classes of a retired version, and with them its loader
    private static final LookupCache<Object, JavaType> TYPES = new LRUMap<>(16, 64);
    private static final JsonMapper JSON = JsonMapper.builder()
            .typeFactory(TypeFactory.defaultInstance().withCache(TYPES))
            .build();

    private final Path folder;
    private final KernelExit ended;

    /** What a file says. */
    record Content(KernelId kernel, Map<String, String> labels, State state) {}

    KernelFiles(Path folder, KernelExit ended) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.ended = ended;
    }

    void write(OwnedKernel owned) throws IOException {
        var part = folder.resolve(owned.kernel() + ".part");
        Files.write(part, JSON.writeValueAsBytes(new Content(owned.kernel(), owned.labels(), owned.state())));
        Files.move(part, file(owned.kernel()), StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(KernelId kernel) throws IOException {
        Files.deleteIfExists(file(kernel));
    }

    /** Returns a kernel as its file tells; empty if there is none. */
    Optional<OwnedKernel> read(KernelId kernel) throws IOException {
        return read(file(kernel));
    }

    private Optional<OwnedKernel> read(Path file) throws IOException {
        try {
            var content = JSON.readValue(Files.readAllBytes(file), Content.class);
            return Optional.of(new OwnedKernel(
                    content.kernel(),
                    "noop-" + content.kernel(),
                    content.labels(),
                    content.state(),
                    content.state() == State.EXITED ? ended : null));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Reads all there are; a file that makes no sense is reported and left alone. */
    List<OwnedKernel> readAll() throws IOException {
        var found = new ArrayList<OwnedKernel>();
        try (var entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (var entry : entries) {
                try {
                    read(entry).ifPresent(found::add);
                } catch (JsonProcessingException e) {
                    LOG.error("{} is no noop kernel and is left alone", entry, e);
                }
            }
        }
        return found;
    }

    private Path file(KernelId kernel) {
        return folder.resolve(kernel + SUFFIX);
    }
}
