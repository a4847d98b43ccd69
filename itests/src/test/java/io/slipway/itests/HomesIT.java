package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real server in two homes at once: one of whoever runs this, one of an ordinary user under a trying path. */
class HomesIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("slipway-homes");
        run(List.of("chmod", "755", folder.toString())).succeeded();
    }

    @AfterEach
    void removeFolder() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void bothRunTheirFirstSessionSideBySide() throws IOException {
        var mine = folder.resolve("mine");
        var theirFolder = Files.createDirectory(folder.resolve("theirs"));
        var theirs = theirFolder.resolve("a home/" + "long".repeat(40) + "/" + "deep".repeat(30));
        if (LauncherIT.isRoot()) {
            run(List.of("chown", "nobody", theirFolder.toString())).succeeded();
        }
        var ends = new ArrayList<Command.Result>();
        try {
            assertDemo(slipway(false, "up", "--home", mine, "--api-port", Installation.freePort()));
            assertDemo(slipway(true, "up", "--home", theirs, "--api-port", Installation.freePort()));
            var status = slipway(false, "status", "--home", mine).succeeded().out();
            assertTrue(status.contains("Java:        " + Runtime.version().feature()), status);
            assertEquals(List.of(), complaints(mine));
            assertEquals(List.of(), complaints(theirs));
        } finally {
            ends.add(slipway(true, "down", "--sessions", "--home", theirs));
            ends.add(slipway(false, "down", "--sessions", "--home", mine));
        }
        ends.forEach(Command.Result::succeeded);
        assertFalse(Files.exists(mine.resolve("slipway.pid")));
    }

    @Test
    void downLeavesSessionsAliveAndEndsThemIfAsked() {
        var installation = Installation.start();
        var home = installation.home();
        try {
            var api = new Api(SignedHttp.user(installation));
            var session = api.create("stays");
            api.run(session, "kept = 'still here'");

            slipway(false, "down", "--home", home).succeeded();
            installation.up();
            assertEquals("still here\n", api.run(session, "print(kept)").stdout());

            var down = slipway(false, "down", "--sessions", "--home", home).succeeded();
            assertTrue(down.out().contains("Ending sessions ... done"), down.all());
            assertEquals("", run(List.of("pgrep", "-f", "--", home.toString())).out());
            installation.up();
            assertEquals("TERMINATED", api.status(session));
        } finally {
            installation.close();
        }
    }

    @Test
    void aFirstStartThatWasKilledIsRepairedByTheNext() throws IOException {
        var home = folder.resolve("killed");
        var port = Installation.freePort();
        try {
            // wherever each kill hits: unpacking, the first boot, the schema, the first data
            for (var seconds : List.of("1", "3", "6", "10")) {
                run(List.of(
                        "timeout",
                        "-s",
                        "KILL",
                        seconds,
                        Installation.ROOT.resolve("slipway").toString(),
                        "up",
                        "--no-demo",
                        "--home",
                        home.toString(),
                        "--api-port",
                        Integer.toString(port)));
                killServer(home);
            }
            assertDemo(slipway(false, "up", "--home", home, "--api-port", port));
        } finally {
            slipway(false, "down", "--sessions", "--home", home);
        }
    }

    private static void killServer(Path home) throws IOException {
        var file = home.resolve("slipway.pid");
        if (!Files.exists(file)) {
            return;
        }
        var server = ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
        server.ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    private static void assertDemo(Command.Result up) throws IOException {
        up.succeeded();
        assertTrue(up.out().contains("  | primes below 1000: 168, their sum: 76127\n"), up.all());
        assertTrue(up.out().contains("client.env"), up.out());
        var home = Path.of(up.out().replaceAll("(?s).*Credentials: (.*?)/client.env {3}.*", "$1"));
        for (var line : Files.readAllLines(home.resolve("client.env"))) {
            if (line.contains("SECRET")) {
                assertFalse(up.all().contains(line.substring(line.indexOf('=') + 1)), "a secret was printed");
            }
        }
    }

    /** A first start and a first session have nothing to complain about. */
    private static List<String> complaints(Path home) throws IOException {
        try (var lines = Files.lines(home.resolve("data/log/slipway.log"))) {
            return lines.filter(line -> line.contains("| ERROR |") || line.contains("| WARN  |"))
                    .toList();
        }
    }

    private Command.Result slipway(boolean asOrdinaryUser, Object... words) {
        var line = new ArrayList<String>();
        if (asOrdinaryUser && LauncherIT.isRoot()) {
            line.addAll(List.of("setpriv", "--reuid=nobody", "--clear-groups"));
        }
        line.add(Installation.ROOT.resolve("slipway").toString());
        for (var word : words) {
            line.add(word.toString());
        }
        return run(line);
    }

    private Command.Result run(List<String> line) {
        return new Command(line, folder, Map.of("SLIPWAY_BUILD", "no"), LIMIT).run();
    }
}
