package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The distribution's framework with its shell and none of our features but the first; two people may use its shell. */
final class BareKaraf implements AutoCloseable {

    static final String ADMIN = "slipway";
    static final String VIEWER = "viewer";
    private static final String BOOT = "framework,slipway-start,eventadmin,scr,shell,ssh,bundle,feature,log";

    private final Path home;
    private final int port;
    private final Process server;

    private BareKaraf(Path home, int port, Process server) {
        this.home = home;
        this.port = port;
        this.server = server;
    }

    static BareKaraf start() throws IOException {
        var home = Files.createTempDirectory("slipway-karaf");
        var port = Installation.freePort();
        bash(home, "tar -xzf '" + Installation.ROOT + "'/distributions/all-in-one/target/*.tar.gz --strip-components=1")
                .succeeded();
        bash(home, "sed -i 's/^featuresBoot *=.*/featuresBoot = " + BOOT + "/' etc/org.apache.karaf.features.cfg")
                .succeeded();
        Files.writeString(home.resolve("etc/custom.system.properties"), "slipway.ssh.port = " + port + "\n");
        // tests bring bundles of their own
        Files.writeString(home.resolve("etc/io.slipway.plugin.sources.cfg"), "allowUnsigned = true\n");
        // the plug-ins stay out: only features are under test
        bash(home, "rm -rf plugins").succeeded();
        for (var user : List.of(ADMIN, VIEWER)) {
            addUser(home, user);
        }
        var builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "daemon")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("console.log").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CHECK_ROOT_INSTANCE_RUNNING", "false");
        var karaf = new BareKaraf(home, port, builder.start());
        Await.until(
                Duration.ofSeconds(60), () -> karaf.run(ADMIN, "jaas:whoami").out(), answer -> answer.contains(ADMIN));
        return karaf;
    }

    private static void addUser(Path home, String user) throws IOException {
        var key = home.resolve("etc").resolve(user + ".key");
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        var maker = Installation.ROOT.resolve("etc/launcher/NewKey.java").toString();
        var line = new Command(List.of(java, maker, key.toString()), home, Map.of(), Duration.ofSeconds(60))
                .run()
                .succeeded()
                .out();
        if (user.equals(VIEWER)) {
            line = line.replace("slipway =", "viewer =").replace("admingroup", "viewergroup")
                    + "_g_\\:viewergroup = group,viewer,ssh\n";
        }
        Files.writeString(home.resolve("etc/keys.properties"), line, StandardOpenOption.APPEND);
    }

    private static Command.Result bash(Path home, String script) {
        return new Command(List.of("bash", "-c", script), home, Map.of(), Duration.ofSeconds(60)).run();
    }

    /** Runs a shell command as somebody. Its input stays open: the client takes the end of it for a hang-up. */
    Command.Result run(String user, String command) {
        return run(user, user + ".key", command);
    }

    Command.Result run(String user, String key, String command) {
        try {
            var out = Files.createTempFile("slipway-it", ".out");
            var builder = new ProcessBuilder(
                            home.resolve("bin/client").toString(),
                            "-a",
                            Integer.toString(port),
                            "-h",
                            "127.0.0.1",
                            "-u",
                            user,
                            "-k",
                            home.resolve("etc").resolve(key).toString(),
                            command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            var process = builder.start();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            var text = Files.readString(out);
            Files.delete(out);
            return new Command.Result(process.waitFor(), text, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns how long the log is now. */
    int logMark() throws IOException {
        return Files.readString(home.resolve("data/log/slipway.log")).length();
    }

    /** Returns what was logged since a mark. */
    String logSince(int mark) throws IOException {
        return Files.readString(home.resolve("data/log/slipway.log")).substring(mark);
    }

    @Override
    public void close() throws IOException {
        server.destroy();
        try {
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(home)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
