package io.slipway.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts print is one JSON object with its commit, medians and spreads, and the table is made of it. */
class ScriptsTest {

    @TempDir
    private Path folder;

    private record Ended(int status, String out, String err) {}

    private Ended run(String script, String... words) throws Exception {
        var line = new ArrayList<>(List.of("/usr/bin/python3", script));
        line.addAll(List.of(words));
        return run(Path.of(""), line);
    }

    private Ended run(Path where, List<String> line) throws Exception {
        var out = Files.createTempFile(folder, "out", "");
        var err = Files.createTempFile(folder, "err", "");
        var process = new ProcessBuilder(line)
                .directory(where.toAbsolutePath().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), line::toString);
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private JsonNode printed(String script, String... words) throws Exception {
        var ended = run(script, words);
        assertEquals(0, ended.status(), ended::err);
        var json = JsonMapper.builder().build().readTree(ended.out());
        assertTrue(json.path("commit").asText().matches("[0-9a-f]{7,}|unknown"), ended::out);
        return json;
    }

    private static void assertSpread(double median, double lowest, double highest, JsonNode summary) {
        assertEquals(median, summary.path("median").asDouble(), 0.001, summary::toString);
        assertEquals(lowest, summary.path("lowest").asDouble(), 0.001, summary::toString);
        assertEquals(highest, summary.path("highest").asDouble(), 0.001, summary::toString);
        assertEquals(2, summary.path("quartiles").size(), summary::toString);
    }

    @Test
    void tellsALeaseAsRatioMedianAndSpread() throws Exception {
        var results = Path.of("src/test/resources/io/slipway/benchmarks/lease.json");
        var json = printed("lease.py", "--results", results.toString());
        assertSpread(20.5, 19, 22, json.path("alone").path("ours"));
        assertSpread(2, 2, 2.1, json.path("alone").path("floor"));
        assertEquals(10.25, json.path("alone").path("ratio").asDouble());
        assertEquals(15, json.path("crowded").path("ratio").asDouble());
        assertTrue(
                table("lease", json).contains("one thread, ns: 20.5 (19.0 to 22.0) against 2.0 (2.0 to 2.1): 10.25x"));
    }

    @Test
    void tellsResidentMemoryAsMedianAndSpread() throws Exception {
        Files.writeString(
                folder.resolve("slipway.pid"),
                Long.toString(ProcessHandle.current().pid()));
        var json = printed("resident.py", folder.toString(), "--looks", "3", "--seconds", "0.1");
        var ours = json.path("ours");
        assertEquals(3, ours.path("count").asInt());
        assertTrue(ours.path("lowest").asDouble() > 10, json::toString);
        assertSpread(
                ours.path("median").asDouble(),
                ours.path("lowest").asDouble(),
                ours.path("highest").asDouble(),
                ours);
        assertTrue(table("resident", json)
                .contains("resident after the sessions over `noop`, MB | %.0f ("
                        .formatted(ours.path("median").asDouble())));
    }

    @Test
    void timesACleanCloneToTheOutputOfItsSession() throws Exception {
        var json = printed(
                "clean_clone.py",
                "--source",
                repository("echo \"  | 6 times 7 is 42\"").toString());
        assertEquals(1, json.path("ours").path("count").asInt());
        assertTrue(json.path("ours").path("median").asDouble() > 0, json::toString);
        assertTrue(!table("clean-clone", json).contains("demo's output, s | - |"));
    }

    /** Only what prints and ends well is a measurement, whatever this machine has set or built before. */
    @Test
    void tellsNoTimeOfACloneThatFails() throws Exception {
        var silent = run(
                "clean_clone.py",
                "--source",
                repository("echo No first session").toString());
        assertEquals(1, silent.status());
        assertTrue(silent.err().contains("the first session printed nothing"), silent::err);
        assertEquals("", silent.out());
        var failed = run(
                "clean_clone.py",
                "--source",
                repository("echo \"  | 42\"; exit 3").toString());
        assertTrue(failed.err().contains(" ended with 3"), failed::err);
        assertEquals("", failed.out());
    }

    /** A repository whose launcher does this on "up", if it was called as on a machine that never built anything. */
    private Path repository(String up) throws Exception {
        var repository = Files.createTempDirectory(folder, "source");
        Files.writeString(repository.resolve("slipway"), """
                #!/bin/sh
                [ "$1" = up ] || exit 0
                repository=${MAVEN_OPTS##*-Dmaven.repo.local=}
                [ -n "$repository" ] && [ ! -e "$repository" ] && [ -z "$SLIPWAY_BUILD" ] || exit 9
                %s
                """.formatted(up));
        assertTrue(repository.resolve("slipway").toFile().setExecutable(true));
        var script =
                "git init -q . && git add . && git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -q -m a";
        var made = run(repository, List.of("sh", "-c", script));
        assertEquals(0, made.status(), made::err);
        return repository;
    }

    private String table(String name, JsonNode json) throws Exception {
        var results = Files.createTempDirectory(folder, "results");
        Files.writeString(results.resolve(name + ".json"), json.toString());
        var ended = run("table.py", results.toString());
        assertEquals(0, ended.status(), ended::err);
        return ended.out();
    }
}
