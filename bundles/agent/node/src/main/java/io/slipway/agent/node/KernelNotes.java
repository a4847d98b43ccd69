package io.slipway.agent.node;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One small file per kernel, a line for each state that was written; the last one that makes sense counts, so that a line
 * that was not written to its end changes nothing. A line more makes no new file, which would cost most. They are written
 * without fsync: they must outlive a killed agent, not a node that lost power, for the containers do not outlive that either.
 */
final class KernelNotes {

    private static final Logger LOG = LoggerFactory.getLogger(KernelNotes.class);
    private static final String SUFFIX = ".json";

    private final Path folder;
    // a field that a later version wrote must not keep this version from finding its kernels
    private final ObjectMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    KernelNotes(Path folder) {
        this.folder = folder;
    }

    void write(KernelNote note) throws IOException {
        // the first line break ends what a failed write may have left
        var line = ("\n" + json.writeValueAsString(note) + "\n").getBytes(StandardCharsets.UTF_8);
        Files.write(file(note.kernel()), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    Optional<KernelNote> read(KernelId kernel) throws IOException {
        var file = file(kernel);
        var lines = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        // a kernel whose first note was cut off before its first byte has none
        return lines.isBlank() ? Optional.empty() : Optional.of(last(lines));
    }

    private KernelNote last(String lines) throws JsonProcessingException {
        JsonProcessingException failure = new JsonParseException(null, "no line");
        for (var line : lines.lines().filter(each -> !each.isBlank()).toList().reversed()) {
            try {
                return json.readValue(line, KernelNote.class);
            } catch (JsonProcessingException e) {
                failure = e; // not written to its end; the one before counts
            }
        }
        throw failure;
    }

    void delete(KernelId kernel) throws IOException {
        Files.deleteIfExists(file(kernel));
    }

    /** Reads all notes. One that cannot be read is reported and left where it is: labels tell the rest. */
    List<KernelNote> readAll() throws IOException {
        var notes = new ArrayList<KernelNote>();
        try (var entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (var entry : entries) {
                var kernel = kernelOf(entry, SUFFIX);
                if (kernel.isPresent()) {
                    readOrReport(kernel.get()).ifPresent(notes::add);
                }
            }
        }
        return notes;
    }

    private Optional<KernelNote> readOrReport(KernelId kernel) throws IOException {
        try {
            return read(kernel);
        } catch (JsonProcessingException e) {
            LOG.error("The note {} cannot be read; kernel={} is recovered from its labels", file(kernel), kernel, e);
            return Optional.empty();
        }
    }

    private Path file(KernelId kernel) {
        return folder.resolve(kernel + SUFFIX);
    }

    /** Returns the kernel that a file is named after. */
    static Optional<KernelId> kernelOf(Path file, String suffix) {
        var fileName = file.getFileName();
        var name = fileName == null ? "" : fileName.toString();
        if (!name.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" + suffix.replace(".", "\\."))) {
            return Optional.empty();
        }
        return Optional.of(KernelId.parse(name.substring(0, name.length() - suffix.length())));
    }
}
