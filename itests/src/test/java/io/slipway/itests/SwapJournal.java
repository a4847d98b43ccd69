package io.slipway.itests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lines of the lifecycle's journal about one plug-in, from a moment on.
 *
 * @param lines oldest first
 */
record SwapJournal(List<JsonNode> lines) {

    private static Path file(Installation installation) {
        return installation.home().resolve("plugins/journal.jsonl");
    }

    /** Returns where the journal ends now. */
    static long end(Installation installation) throws IOException {
        return Files.size(file(installation));
    }

    static SwapJournal of(Installation installation, String id, long since) throws IOException {
        var bytes = Files.readAllBytes(file(installation));
        var text = new String(bytes, (int) since, bytes.length - (int) since, StandardCharsets.UTF_8);
        return new SwapJournal(Arrays.stream(text.split("\n"))
                .filter(line -> !line.isBlank())
                .map(Api::json)
                .filter(line -> line.path("plugin").asText().equals(id))
                .filter(line -> !line.path("step").asText().equals("accept"))
                .toList());
    }

    List<String> steps() {
        return lines.stream().map(line -> line.path("step").asText()).toList();
    }

    Set<String> versions() {
        return lines.stream().map(line -> line.path("version").asText()).collect(Collectors.toSet());
    }

    /** Returns how much later than the line before it the last one was written; empty if there is only one. */
    Optional<Duration> last() {
        return lines.size() < 2
                ? Optional.empty()
                : Optional.of(Duration.between(at(lines.get(lines.size() - 2)), at(lines.getLast())));
    }

    /** Returns how long after its roll back began the version before was selected again; it serves from then on. */
    Duration untilServesAgain() {
        var rollback = steps().indexOf("rollback");
        var select = steps().lastIndexOf("select");
        if (rollback < 0 || select < rollback) {
            throw new AssertionError("no roll back in " + steps());
        }
        return Duration.between(at(lines.get(rollback)), at(lines.get(select)));
    }

    private static Instant at(JsonNode line) {
        return Instant.parse(line.path("at").asText());
    }

    /** Returns how much later than the first line of one step the first line of another was written. */
    Duration between(String step, String later) {
        return Duration.between(at(step), at(later));
    }

    private Instant at(String step) {
        return lines.stream()
                .filter(line -> line.path("step").asText().equals(step))
                .map(SwapJournal::at)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + step + " in " + steps()));
    }
}
