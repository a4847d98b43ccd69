package io.slipway.plugin.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of each plug-in is selected, as a journal of JSON lines that only grows and is on disk before a change
 * takes effect. The last selection of a plug-in counts; a torn last line (a crash while it was written) does not. Lines of
 * other steps and further fields are for later writers and are passed over. Used by one thread.
 */
final class SelectionJournal {

    private static final Logger LOG = LoggerFactory.getLogger(SelectionJournal.class);
    private static final String SELECT = "select";
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
     * @param at when, ISO-8601
     * @param step what happened, such as {@code select}
     * @param plugin plug-in id
     * @param version bundle version
     */
    record Line(String at, String step, String plugin, String version) {}

    /** Returns the selected version of each plug-in that was ever selected. */
    SortedMap<PluginId, Version> selection() throws IOException {
        var selection = new TreeMap<PluginId, Version>();
        if (Files.exists(file)) {
            // not readString: bytes that are no text spoil their own line alone
            new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> read(line, selection));
        }
        return selection;
    }

    private static void read(String text, SortedMap<PluginId, Version> selection) {
        try {
            var line = MAPPER.readValue(text, Line.class);
            if (SELECT.equals(line.step())) {
                selection.put(new PluginId(line.plugin()), Version.parseVersion(line.version()));
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            LOG.warn("A line of the plug-in journal cannot be read and does not count: {}", e.getMessage());
        }
    }

    /** Selects a version; on disk when this returns. */
    void select(PluginId id, Version version) throws IOException {
        var line =
                MAPPER.writeValueAsString(new Line(clock.instant().toString(), SELECT, id.value(), version.toString()))
                        + "\n";
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
