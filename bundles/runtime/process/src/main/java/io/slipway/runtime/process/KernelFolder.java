package io.slipway.runtime.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one kernel, written by the runtime ({@code kernel.json}, {@code launch}, {@code sandbox.args}, ...) and by
 * its supervisor ({@code supervisor}, {@code status}, {@code log}, ...); see {@code supervisor.sh}. Programs of the kernel
 * never see it.
 *
 * @param path where it is
 */
record KernelFolder(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(KernelFolder.class);
    // a cache of its own: Jackson's common one would keep the classes of a retired version, and with them its loader
    private static final LookupCache<Object, JavaType> TYPES = new LRUMap<>(16, 64);
    private static final JsonMapper JSON = JsonMapper.builder()
            .typeFactory(TypeFactory.defaultInstance().withCache(TYPES))
            .build();
    private static final int SMALL = 64 * 1024;
    private static final int NOTE_LIMIT = 1024 * 1024;
    private static final Pattern INIT =
            Pattern.compile("\"child-pid\": ([0-9]{1,10})\\b.*\"pid-namespace\": ([0-9]{1,18})\\b");
    private static final String STOPPING = "stopping";

    Path file(String name) {
        return path.resolve(name);
    }

    void writeNote(KernelNote note) throws IOException {
        OwnFiles.write(file("kernel.json"), JSON.writeValueAsBytes(note), OwnFiles.PRIVATE);
    }

    /** Returns what is known of the kernel; empty if it was removed meanwhile. */
    Optional<KernelNote> note() throws IOException {
        var text = OwnFiles.read(file("kernel.json"), NOTE_LIMIT);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(text.get(), KernelNote.class));
        } catch (JsonProcessingException e) {
            LOG.error("{} cannot be read; the kernel goes on without labels", file("kernel.json"), e);
            var kernel = KernelId.parse(path.getFileName().toString());
            return Optional.of(new KernelNote(kernel, Map.of(), 0, true, 0));
        }
    }

    /** Returns the supervisor that was started, which may be gone; empty if none was. */
    Optional<HostProcess> supervisor() throws IOException {
        return OwnFiles.read(file("supervisor"), SMALL).flatMap(HostProcess::parse);
    }

    /** Returns the first process of the sandbox, if it lives. */
    Optional<ProcessHandle> init() throws IOException {
        var matcher = INIT.matcher(OwnFiles.read(file("status"), SMALL).orElse(""));
        if (!matcher.find()) {
            return Optional.empty();
        }
        var pid = Long.parseLong(matcher.group(1));
        var namespace = Long.valueOf(matcher.group(2));
        // in this order: a handle made before the look cannot be of a process that came after it
        return ProcessHandle.of(pid)
                .filter(handle -> ProcFiles.pidNamespace(pid).equals(Optional.of(namespace)))
                .filter(handle ->
                        ProcFiles.stat(pid).filter(stat -> !stat.isDead()).isPresent());
    }

    /** Returns the main program of a kernel without a sandbox, if it lives. */
    Optional<ProcessHandle> bareProgram() throws IOException {
        var text = OwnFiles.read(file("payload"), SMALL).orElse("").strip();
        if (!text.matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        var pid = Long.parseLong(text);
        // no start time is known, but as leader of its own session nobody else has its number while the session lives
        return ProcessHandle.of(pid)
                .filter(handle -> ProcFiles.stat(pid)
                        .filter(stat -> stat.session() == pid && !stat.isDead())
                        .isPresent());
    }

    /** Returns whether the main program was begun, as far as bwrap says so at its end. */
    boolean sandboxWasReady() throws IOException {
        return OwnFiles.read(file("status"), SMALL).orElse("").contains("\"exit-code\"");
    }

    /** Returns what the supervisor noted so far about the end. */
    Optional<String> result() throws IOException {
        return OwnFiles.read(file("result"), SMALL);
    }

    /** Notes that the end was asked for, so that it does not look like an accident. */
    void markStopping() throws IOException {
        try {
            Files.createFile(file(STOPPING));
        } catch (FileAlreadyExistsException e) {
            // asked for once more
            return;
        }
    }

    boolean isStopping() {
        return Files.exists(file(STOPPING));
    }

    /** Returns the end of the output. */
    byte[] logTail(int mostBytes) throws IOException {
        var newest = OwnFiles.tail(file("log"), mostBytes);
        if (newest.length == mostBytes) {
            return newest;
        }
        var older = OwnFiles.tail(file("log.1"), mostBytes - newest.length);
        var both = new byte[older.length + newest.length];
        System.arraycopy(older, 0, both, 0, older.length);
        System.arraycopy(newest, 0, both, older.length, newest.length);
        return both;
    }
}
