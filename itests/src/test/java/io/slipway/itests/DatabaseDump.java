package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** All rows of the embedded database of a stopped server, read by the database's own tool from a copy. */
final class DatabaseDump {

    private static final Pattern INSERT = Pattern.compile("INSERT INTO \"PUBLIC\".\"(\\w+)\".*");
    /** When somebody was last seen, or something was passed on. */
    private static final Map<String, Pattern> PASSING =
            Map.of("KEYPAIRS", Pattern.compile(", (\\d+|NULL)\\)$"), "OUTBOX", Pattern.compile(", (\\d+|NULL)\\)$"));

    /** What nodes tell of themselves, and who is passing things on. */
    private static final Set<String> NOT_OF_CALLS = Set.of("AGENTS", "OUTBOX_CLAIMS");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private DatabaseDump() {}

    /** Returns a line per row, the table first, without what changes by itself. */
    static Set<String> of(Path home) {
        try {
            var folder = Files.createTempDirectory("slipway-dump");
            Files.copy(home.resolve("data/slipway.mv.db"), folder.resolve("slipway.mv.db"));
            var library = library(home, folder);
            new Command(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin/java")
                                            .toString(),
                                    "-cp",
                                    library.toString(),
                                    "org.h2.tools.Script",
                                    "-url",
                                    "jdbc:h2:file:" + folder.resolve("slipway"),
                                    "-user",
                                    "slipway",
                                    "-script",
                                    folder.resolve("script").toString()),
                            folder,
                            Map.of(),
                            LIMIT)
                    .run()
                    .succeeded();
            var rows = rows(Files.readAllLines(folder.resolve("script")));
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The database that the server itself brings. */
    private static Path library(Path home, Path folder) throws IOException {
        try (var files = Files.walk(home.resolve("system"))) {
            var bundle = files.filter(
                            file -> file.getFileName().toString().startsWith("io.slipway.manager.persistence"))
                    .filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
            try (var jar = new JarFile(bundle.toFile())) {
                var entry = jar.stream()
                        .filter(candidate -> candidate.getName().matches("lib/h2-.*\\.jar"))
                        .findFirst()
                        .orElseThrow();
                try (var in = jar.getInputStream(entry)) {
                    Files.copy(in, folder.resolve("h2.jar"));
                }
            }
        }
        return folder.resolve("h2.jar");
    }

    private static Set<String> rows(List<String> script) {
        var rows = new TreeSet<String>();
        var table = "";
        for (var line : script) {
            var insert = INSERT.matcher(line);
            if (insert.matches()) {
                table = insert.group(1);
            } else if (line.startsWith("(")) {
                var row = line.strip().replaceFirst("[,;]$", "");
                var passing = PASSING.get(table);
                if (!NOT_OF_CALLS.contains(table)) {
                    rows.add(table + " "
                            + (passing == null ? row : passing.matcher(row).replaceAll("")));
                }
            }
        }
        return rows;
    }
}
