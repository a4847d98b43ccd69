package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One installation of the all-in-one in a temporary home, driven by the launcher. */
final class Installation implements AutoCloseable {

    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
    private static final Duration UP_LIMIT = Duration.ofMinutes(4);

    private final Path home;
    private final int port;
    /** What makes the launcher run as somebody else; nothing for whoever runs this. */
    private final List<String> user;

    private Installation(Path home, int port, List<String> user) {
        this.home = home;
        this.port = port;
        this.user = user;
    }

    /** Starts a new one and waits until it is ready. */
    static Installation start() {
        return start(Map.of());
    }

    /**
     * Starts a new one with settings.
     *
     * @param settings text by name of the file in {@code etc}
     */
    static Installation start(Map<String, String> settings) {
        return start(settings, Map.of());
    }

    /** The same with variables for the launcher. */
    static Installation start(Map<String, String> settings, Map<String, String> environment) {
        try {
            var home = Files.createTempDirectory("slipway-home").resolve("home");
            var etc = Files.createDirectories(home.resolve("etc"));
            for (var file : settings.entrySet()) {
                Files.writeString(etc.resolve(file.getKey()), file.getValue());
            }
            var installation = new Installation(home, freePort(), List.of());
            installation.up(environment);
            return installation;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a new one as an ordinary user, also if root runs this. */
    static Installation startAsOrdinaryUser() {
        if (!LauncherIT.isRoot()) {
            return start();
        }
        try {
            var folder = Files.createTempDirectory("slipway-home");
            new Command(List.of("chown", "nobody", folder.toString()), ROOT, Map.of(), UP_LIMIT)
                    .run()
                    .succeeded();
            var user = List.of("setpriv", "--reuid=nobody", "--clear-groups", "env", "HOME=" + folder);
            var installation = new Installation(folder.resolve("home"), freePort(), user);
            installation.up();
            return installation;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a port that is free: none of those that the system or the launcher may hand out before it is used. */
    static int freePort() throws IOException {
        for (var port : ThreadLocalRandom.current().ints(100, 10_000, 20_000).toArray()) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                LOG.debug("Port {} is taken", port, e);
            }
        }
        throw new IllegalStateException("100 ports were taken");
    }

    Path home() {
        return home;
    }

    int port() {
        return port;
    }

    void up() {
        up(Map.of());
    }

    /** Starts it with variables for the launcher. */
    void up(Map<String, String> environment) {
        launcher(environment, UP_LIMIT, "up", "--home", home.toString(), "--api-port", "" + port, "--no-demo")
                .succeeded();
    }

    Command.Result launcher(Duration limit, String... words) {
        return launcher(Map.of(), limit, words);
    }

    private Command.Result launcher(Map<String, String> environment, Duration limit, String... words) {
        var line = new ArrayList<>(user);
        line.add(ROOT.resolve("slipway").toString());
        line.addAll(Arrays.asList(words));
        return new Command(line, ROOT, environment, limit).run();
    }

    /** Runs one shell command and returns what it printed. */
    Command.Result shell(String command) {
        return launcher(Duration.ofSeconds(60), "shell", "--home", home.toString(), command);
    }

    long pid() {
        try {
            return Long.parseLong(Files.readString(home.resolve("slipway.pid")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the server as hard as it goes and waits until it is dead. */
    void killNine() {
        var server = ProcessHandle.of(pid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    /** Returns the variables of {@code client.env}. */
    Map<String, String> clientEnvironment() {
        try (var lines = Files.lines(home.resolve("client.env"))) {
            return lines.filter(line -> line.contains("=") && !line.startsWith("#"))
                    .map(line -> line.replaceFirst("^export ", "").split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replaceAll("^['\"]|['\"]$", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        try (var files = Files.walk(home)) {
            var builder = new StringBuilder();
            files.filter(file -> file.toString().endsWith(".log")).sorted().forEach(file -> append(builder, file));
            return builder.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(StringBuilder builder, Path file) {
        try {
            builder.append(Files.readString(file));
        } catch (IOException e) {
            builder.append(e);
        }
    }

    @Override
    public void close() {
        launcher(Duration.ofMinutes(2), "down", "--home", home.toString(), "--sessions");
        try (Stream<Path> files = Files.walk(home.getParent())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
