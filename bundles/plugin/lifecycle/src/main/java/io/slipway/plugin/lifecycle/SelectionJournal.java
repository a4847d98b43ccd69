package io.slipway.plugin.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of each plug-in is selected, as a journal of JSON lines that only grows and is on disk before a change
 * takes effect. The last selection of a plug-in counts; a torn last line (a crash while it was written) does not. Lines of
 * other steps are history. Swaps of several plug-ins write at once, hence the lock: they wait for one disk anyway.
 */
final class SelectionJournal {

    private static final Logger LOG = LoggerFactory.getLogger(SelectionJournal.class);
    static final String SELECT = "select";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path file;
    private final InstantSource clock;

    SelectionJournal(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * One line.
     *
     * @param at when, ISO-8601; null if its writer did not say
     * @param step what happened, such as {@code select}
     * @param plugin plug-in id
     * @param version bundle version; empty if none is selected any more
     * @param words why or whence; null if there is nothing to say
     * @param others further plug-ins that are selected by the same line, with their versions; null if there are none
     */
    record Line(
            String at,
            String step,
            String plugin,
            String version,
            @Nullable String words,
            @Nullable SortedMap<String, String> others) {

        /** Returns the version by plug-in of all that the line is about, as written. */
        SequencedMap<String, String> versions() {
            var all = new LinkedHashMap<String, String>();
            all.put(plugin, version);
            if (others != null) {
                all.putAll(others);
            }
            return all;
        }
    }

    /** Returns the selected version of each plug-in that was ever selected. */
    SortedMap<PluginId, Version> selection() throws IOException {
        var selection = new TreeMap<PluginId, Version>();
        for (var line : records()) {
            if (SELECT.equals(line.step())) {
                if (line.version().isEmpty()) {
                    selection.remove(line.id());
                } else {
                    selection.put(line.id(), Version.parseVersion(line.version()));
                }
            }
        }
        return selection;
    }

    /** Returns every plug-in that somebody has begun to change, or that was ever selected. */
    Set<PluginId> known() throws IOException {
        return records().stream()
                .filter(line -> !line.step().equals(PluginGate.ACCEPTED))
                .map(SwapRecord::id)
                .collect(Collectors.toSet());
    }

    /** Returns every line that can be read, oldest first; one record for each plug-in that it is about. */
    List<SwapRecord> records() throws IOException {
        return lines().stream().flatMap(line -> records(line).stream()).toList();
    }

    /** Returns every line that can be read, oldest first. */
    synchronized List<Line> lines() throws IOException {
        if (Files.notExists(file)) {
            return List.of();
        }
        // not readString: bytes that are no text spoil their own line alone
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .flatMap(line -> read(line).stream())
                .toList();
    }

    private static List<SwapRecord> records(Line line) {
        return line.versions().entrySet().stream()
                .map(entry -> new SwapRecord(
                        line.at() == null ? Instant.EPOCH : Instant.parse(line.at()),
                        new PluginId(entry.getKey()),
                        version(entry.getValue()),
                        Objects.requireNonNull(line.step()),
                        line.words() == null ? "" : line.words()))
                .toList();
    }

    /** A line is read as a whole or not at all: what it selects is selected together. */
    private static Optional<Line> read(String text) {
        try {
            var line = MAPPER.readValue(text, Line.class);
            return records(line).isEmpty() ? Optional.empty() : Optional.of(line);
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException | NullPointerException e) {
            LOG.warn("A line of the plug-in journal cannot be read and does not count: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static String version(String text) {
        return text.isEmpty() ? "" : Version.parseVersion(text).toString();
    }

    /** Selects a version; on disk when this returns. */
    void select(PluginId id, Version version) throws IOException {
        append(SELECT, id, version.toString(), "");
    }

    /**
     * Selects versions of several plug-ins by one line, so that a crash leaves all of it or nothing; on disk when this
     * returns.
     *
     * @param versions at least one; an empty version means that the plug-in is not selected any more
     */
    void select(SortedMap<PluginId, String> versions, String words) throws IOException {
        var others = new TreeMap<String, String>();
        versions.forEach((id, version) -> others.put(id.value(), version));
        others.remove(versions.firstKey().value());
        append(new Line(
                clock.instant().toString(),
                SELECT,
                versions.firstKey().value(),
                Objects.requireNonNull(versions.get(versions.firstKey())),
                words.isEmpty() ? null : words,
                others.isEmpty() ? null : others));
    }

    /** Writes a line; on disk when this returns. */
    void append(String step, PluginId id, String version, String words) throws IOException {
        append(new Line(clock.instant().toString(), step, id.value(), version, words.isEmpty() ? null : words, null));
    }

    private synchronized void append(Line written) throws IOException {
        var line = MAPPER.writeValueAsString(written) + "\n";
        var folder = Files.createDirectories(file.toAbsolutePath().getParent());
        var isNew = Files.notExists(file);
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.position(endOfLastLine(channel));
            var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(channel.position());
            channel.force(true);
        }
        if (isNew) {
            try (var entry = FileChannel.open(folder)) { // the file's name is on disk only when its folder is
                entry.force(true);
            }
        }
    }

    /** A torn line is written over, or it would make the next one unreadable. */
    private static long endOfLastLine(FileChannel channel) throws IOException {
        var one = ByteBuffer.allocate(1);
        for (var end = channel.size(); end > 0; end--) {
            channel.read(one.clear(), end - 1);
            if (one.get(0) == '\n') {
                return end;
            }
        }
        return 0;
    }
}
