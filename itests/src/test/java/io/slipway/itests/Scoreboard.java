package io.slipway.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The compatibility board: every row of the client's everyday command lines, with the checks that exist for it. */
final class Scoreboard {

    /**
     * A row of the board.
     *
     * @param number as in the list of command lines
     * @param tier 1 (must work first) to 4
     * @param command the command line
     */
    record Row(int number, int tier, String command) {}

    /** A check of a row; throws if it does not pass. */
    interface Check {

        /** Runs the row's command and looks at what it gives. */
        void run() throws Exception;
    }

    private final Map<Integer, Check> checks = new LinkedHashMap<>();

    /** Adds the check of a row; rows run in the order in which their checks are added. */
    Scoreboard check(int row, Check check) {
        if (checks.put(row, check) != null) {
            throw new IllegalStateException("row " + row + " has two checks");
        }
        return this;
    }

    /**
     * What came of a run.
     *
     * @param lines one per row, to be printed
     * @param failures one per failed row, with the reason
     * @param passed how many rows passed
     */
    record Outcome(List<String> lines, List<String> failures, int passed) {}

    @SuppressWarnings("IllegalCatch") // a row must not end the board, whatever it throws
    Outcome run() {
        var states = new LinkedHashMap<Integer, String>();
        var failures = new ArrayList<String>();
        checks.forEach((number, check) -> {
            try {
                check.run();
                states.put(number, "pass");
            } catch (Exception | AssertionError e) {
                states.put(number, "FAIL");
                failures.add("row " + number + ": " + e.getMessage());
            }
        });
        var lines = rows().stream()
                .map(row -> "%2d  tier %d  %-7s  %s"
                        .formatted(
                                row.number(), row.tier(), states.getOrDefault(row.number(), "not yet"), row.command()))
                .toList();
        return new Outcome(lines, failures, states.size() - failures.size());
    }

    private static List<Row> rows() {
        var stream = Objects.requireNonNull(Scoreboard.class.getResourceAsStream("scoreboard.tsv"));
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.split("\t"))
                    .map(cells -> new Row(Integer.parseInt(cells[0]), Integer.parseInt(cells[1]), cells[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
