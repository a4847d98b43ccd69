package io.slipway.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Maven that only packs the stand-in distribution again, and counts how often it was asked to. */
final class FakeMaven {

    private final FakeCheckout checkout;
    private final Path log;
    private final Path java;
    private final Path program;
    private final int port;

    /** Takes the distribution of a checkout away; only a build brings it back. */
    FakeMaven(FakeCheckout checkout) throws IOException {
        this.checkout = checkout;
        this.port = Installation.freePort();
        this.log = Files.writeString(checkout.root().resolve("maven.log"), "");
        this.java = checkout.root().resolve("maven.java");
        this.program = Files.createDirectories(checkout.root().resolve("maven")).resolve("mvn");
        program("tar -czf distributions/all-in-one/target/fake.tar.gz -C tree distribution");
        checkout.bash("rm distributions/all-in-one/target/*.tar.gz").succeeded();
    }

    private void program(String work) throws IOException {
        Files.writeString(
                program, "#!/bin/sh\necho \"$@\" >>'" + log + "'\necho \"$JAVA_HOME\" >'" + java + "'\n" + work + "\n");
        program.toFile().setExecutable(true);
    }

    /** From now on every build ends with these words. */
    void breakDown(String words) throws IOException {
        program("echo '" + words + "'; exit 1");
    }

    /** Makes a file or folder newer than every build until now. */
    void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }

    /** From now on it finds this file ill-formed, and builds well. */
    void findFormat(String file) throws IOException {
        program("case \"$*\" in *spotless:check*) echo '[ERROR]     " + file + "'; exit 1;; esac");
    }

    /** From now on its tests leave this report. */
    void report(Path file) throws IOException {
        var reports = "bundles/one/target/surefire-reports";
        program("mkdir -p " + reports + " && cp '" + file + "' " + reports);
    }

    /** Returns what it was asked since the last time this was called. */
    List<String> asked() throws IOException {
        var lines = Files.readAllLines(log);
        Files.writeString(log, "");
        return lines;
    }

    /** Returns the JAVA_HOME that it was started with last. */
    String javaHome() throws IOException {
        return Files.readString(java).strip();
    }

    Command.Result up(Path home) {
        return up(home, Map.of());
    }

    /** The same with variables for the launcher; see {@link #slipway(Map, String...)}. */
    Command.Result up(Path home, Map<String, String> variables) {
        return slipway(variables, "up", "--no-demo", "--home", home.toString(), "--api-port", Integer.toString(port));
    }

    Command.Result slipway(String... words) {
        return slipway(Map.of(), words);
    }

    /** Runs the launcher with further variables; the programs of a PATH among them come before all others. */
    Command.Result slipway(Map<String, String> variables, String... words) {
        var environment = new HashMap<>(variables);
        environment.put("SLIPWAY_BUILD", "yes");
        environment.merge(
                "PATH", program.getParent() + ":" + System.getenv("PATH"), (first, rest) -> first + ":" + rest);
        return checkout.slipway(environment, words);
    }

    /** Starts and stops a home, and returns how many builds that took. */
    long buildsOf(Path home) throws IOException {
        var before = builds();
        up(home).succeeded();
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        return builds() - before;
    }

    private long builds() throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("install")).count();
        }
    }
}
