package io.slipway.manager.persistence;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;

/**
 * Kills a program that commits to H2 and compacts its file, again and again, and looks whether each commit that it was told
 * of is there.
 *
 * <p>Arguments: an empty folder, and how many kills. Each takes 20 to 50 s, the first 70 s: H2 reuses space that is older than
 * 45 s, and what goes wrong goes wrong there. See {@code docs/decisions/0016}.
 */
final class KillLoop {

    private static final int WRITERS = 4;
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private KillLoop() {}

    /** Runs the loop, or with {@code writer} as the second argument what it kills. */
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        if (arguments[1].equals("writer")) {
            write(folder);
        } else {
            loop(folder, Integer.parseInt(arguments[1]));
        }
    }

    private static void loop(Path folder, int kills) throws Exception {
        var random = new Random();
        var told = new long[WRITERS];
        var losses = 0;
        for (var kill = 0; kill < kills; kill++) {
            var output = folder.resolve("told");
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var writer = new ProcessBuilder(
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            KillLoop.class.getName(),
                            folder.toString(),
                            "writer")
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Thread.sleep(Duration.ofSeconds(kill == 0 ? 70 : 20 + random.nextInt(30)));
            writer.destroyForcibly().waitFor();
            read(output, told);
            losses += countMissing(folder, told);
        }
        OUT.println(kills + " kills, " + losses + " losses");
    }

    /** Whole lines alone were told. */
    private static void read(Path output, long[] told) throws IOException {
        var text = Files.readString(output);
        text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> line.split(" "))
                .forEach(pair -> told[Integer.parseInt(pair[0])] = Long.parseLong(pair[1]));
    }

    private static int countMissing(Path folder, long[] told) throws SQLException {
        var missing = 0;
        try (var connection = open(folder)) {
            for (var writer = 0; writer < WRITERS; writer++) {
                var last = last(connection, writer);
                if (last < told[writer]) {
                    OUT.println("writer " + writer + " was told of " + told[writer] + ", there is " + last);
                    missing = 1;
                }
            }
        }
        return missing;
    }

    private static Connection open(Path folder) throws SQLException {
        return source(folder).getConnection();
    }

    private static JdbcDataSource source(Path folder) {
        var source = new JdbcDataSource();
        source.setURL(DatabaseSettings.completeUrl("jdbc:h2:file:" + folder.resolve("x"), folder));
        return source;
    }

    private static long last(Connection connection, int writer) throws SQLException {
        try (var rows = connection
                .createStatement()
                .executeQuery("SELECT COALESCE(MAX(id), 0) FROM t WHERE writer = " + writer)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void write(Path folder) throws Exception {
        try (var connection = open(folder);
                var compaction = new FileCompaction(source(folder));
                var threads = Executors.newFixedThreadPool(WRITERS)) {
            compaction.start();
            connection
                    .createStatement()
                    .execute(
                            "CREATE TABLE IF NOT EXISTS t(writer INT, id BIGINT, v VARCHAR, PRIMARY KEY (writer, id))");
            connection.createStatement().execute("CREATE TABLE IF NOT EXISTS u(id BIGINT PRIMARY KEY, v VARCHAR)");
            for (var end : threads.invokeAll(IntStream.range(0, WRITERS)
                    .<Callable<Void>>mapToObj(writer -> () -> write(folder, writer))
                    .toList())) {
                end.get();
            }
        }
    }

    /** New rows, rows that are changed all the time, and old rows that go. */
    private static Void write(Path folder, int writer) throws Exception {
        var random = new Random(writer);
        try (var connection = open(folder)) {
            connection.setAutoCommit(false);
            var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?)");
            var change = connection.prepareStatement("MERGE INTO u VALUES (?, ?)");
            var delete = connection.prepareStatement("DELETE FROM t WHERE writer = ? AND id < ?");
            for (var id = last(connection, writer) + 1; ; id++) {
                insert.setInt(1, writer);
                insert.setLong(2, id);
                insert.setString(3, "x".repeat(300));
                insert.executeUpdate();
                change.setLong(1, writer * 100L + id % 50);
                change.setString(2, "y".repeat(1_000 + random.nextInt(3_000)));
                change.executeUpdate();
                delete.setInt(1, writer);
                delete.setLong(2, id - 500);
                delete.executeUpdate();
                connection.commit();
                OUT.println(writer + " " + id);
                Thread.sleep(random.nextInt(25));
            }
        }
    }
}
