package io.slipway.runtime.noop;

import com.fasterxml.jackson.core.JsonParseException;
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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file per kernel, not forced to disk: it survives the end of the process, not of the machine. It appears by a rename, so
 * that nobody sees half of it; its first byte tells the state and is the only one that is ever changed.
 */
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

    /** What a file says after its first byte. */
    record Content(KernelId kernel, Map<String, String> labels) {}

    KernelFiles(Path folder, KernelExit ended) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.ended = ended;
    }

    /** Returns what is wrong with the folder, in words; empty if nothing is. */
    List<String> problems() {
        return Files.isWritable(folder) ? List.of() : List.of(folder + " is not there or cannot be written");
    }

    /** Writes a new kernel. */
    void write(OwnedKernel owned) throws IOException {
        var part = folder.resolve(owned.kernel() + ".part");
        var content = JSON.writeValueAsBytes(new Content(owned.kernel(), owned.labels()));
        Files.write(
                part,
                ByteBuffer.allocate(content.length + 1)
                        .put(letter(owned.state()))
                        .put(content)
                        .array());
        Files.move(part, file(owned.kernel()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Changes the state of a kernel that is there. */
    void change(KernelId kernel, State state) throws IOException {
        try (var file = FileChannel.open(file(kernel), StandardOpenOption.WRITE)) {
            var written = file.write(ByteBuffer.wrap(new byte[] {letter(state)}), 0);
            LOG.trace("{} bytes written", written);
        }
    }

    private static byte letter(State state) {
        return switch (state) {
            case CREATED -> 'C';
            case RUNNING -> 'R';
            case EXITED -> 'E';
        };
    }

    private static State state(byte letter) throws IOException {
        return switch (letter) {
            case 'C' -> State.CREATED;
            case 'R' -> State.RUNNING;
            case 'E' -> State.EXITED;
            default -> throw new JsonParseException(null, "no state begins with byte " + letter);
        };
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
            var bytes = Files.readAllBytes(file);
            var state = state(bytes.length == 0 ? 0 : bytes[0]);
            var content = JSON.readValue(bytes, 1, bytes.length - 1, Content.class);
            return Optional.of(new OwnedKernel(
                    content.kernel(),
                    "noop-" + content.kernel(),
                    content.labels(),
                    state,
                    state == State.EXITED ? ended : null));
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
