package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hostile code, sent over the wire to a whole installation: of a server that root runs, and of one that a user runs. */
@Tag("alone")
class AttackIT {

    /** Who runs the server. */
    enum Server {
        OF_WHOEVER_RUNS_THIS {
            @Override
            Installation start() {
                return Installation.start();
            }
        },
        OF_AN_ORDINARY_USER {
            @Override
            Installation start() {
                return Installation.startAsOrdinaryUser();
            }

            // somebody without a session of systemd has no control group to write to
            @Override
            void showsItsLimits(Installation installation) {
                if (LauncherIT.isRoot()) {
                    var words = "limits not enforced";
                    var agents = installation.shell("slipway:agent-list").succeeded();
                    assertTrue(agents.out().contains(words), agents::all);
                    var doctor = installation.launcher(
                            Duration.ofMinutes(1),
                            "doctor",
                            "--home",
                            installation.home().toString());
                    assertTrue(doctor.all().contains(words), doctor::all);
                }
            }
        };

        abstract Installation start();

        /** Whoever looks is told if limits of processor and memory are not kept. */
        void showsItsLimits(Installation installation) {
            var agents = installation.shell("slipway:agent-list").succeeded();
            assertTrue(agents.out().contains("process"), agents::all);
        }
    }

    private Installation installation;

    @AfterEach
    void stop() {
        if (installation != null) {
            installation.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void allIsRefusedAndTheServerRunsOn(Server server) throws Exception {
        installation = server.start();
        server.showsItsLimits(installation);
        var api = new Api(SignedHttp.user(installation));
        var victim = api.create("victim01");
        api.run(victim, "open('/home/work/secret', 'w').write('mine'); kept = 7");
        var attacker = api.create("attacker");
        var pid = installation.pid();

        var socket = installation.home().resolveSibling("s");
        try (var line = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            line.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
            var facts = Map.of(
                    "files", secrets(victim),
                    "socket", socket.toString(),
                    "pid", pid,
                    "port", installation.port());
            assertAllRefused(api.run(attacker, "facts = " + python(Api.text(facts)) + "\n" + script("look.py")));
        }
        for (var bomb : List.of("forks", "files", "memory")) {
            assertAllRefused(api.run(attacker, script(bomb + ".py")));
        }

        assertEquals(pid, installation.pid());
        assertTrue(ProcessHandle.of(pid).orElseThrow().isAlive());
        assertEquals(
                "7 mine\n",
                api.run(victim, "print(kept, open('/home/work/secret').read())").stdout());
    }

    @Test
    void filesWithoutNumberAndMeasureStayWithTheirSession() {
        installation = Installation.start();
        var session = new Api(SignedHttp.user(installation)).create("flooding");
        var floods = new FileFloods(installation);
        floods.makeManyFiles(session, "flooding");
        floods.downloadHugeFile(session, "flooding");
    }

    /** Files that are there on this node, by what they are. */
    private Map<String, String> secrets(String victim) throws IOException {
        var home = installation.home();
        var ssh = home.resolveSibling(".ssh");
        Files.createDirectory(ssh);
        Files.writeString(ssh.resolve("id_rsa"), "key");
        var found = new LinkedHashMap<String, String>();
        found.put("client.env", home.resolve("client.env").toString());
        found.put("key of the shell", home.resolve("etc/shell.key").toString());
        found.put("ssh key", ssh.resolve("id_rsa").toString());
        found.put("root's ssh", "/root/.ssh");
        try (var files = Files.walk(home)) {
            files.filter(file -> file.toString().endsWith(".mv.db"))
                    .forEach(file -> found.put("database " + file.getFileName(), file.toString()));
        }
        found.put("home of another session", fileOf(victim).toString());
        assertTrue(found.keySet().stream().anyMatch(name -> name.startsWith("database")), found::toString);
        found.values().forEach(file -> assertTrue(Files.exists(Path.of(file)) || file.startsWith("/root"), file));
        return found;
    }

    /** The secret of a session where the node has it. */
    private Path fileOf(String session) throws IOException {
        for (var top : List.of(installation.home(), Path.of("/var/lib/slipway"))) {
            if (!Files.isDirectory(top)) {
                continue;
            }
            var find = new Command(
                            List.of("find", top.toString(), "-path", "*" + session + "*", "-name", "secret"),
                            installation.home(),
                            Map.of(),
                            Duration.ofSeconds(30))
                    .run();
            if (!find.out().isBlank()) {
                return Path.of(find.out().lines().findFirst().orElseThrow());
            }
        }
        throw new AssertionError("the home of " + session + " is nowhere");
    }

    private static String python(String json) {
        return "__import__('json').loads(" + Api.text(json) + ")";
    }

    private static String script(String name) {
        try (var in = AttackIT.class.getResourceAsStream("attacks/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertAllRefused(Api.Run run) {
        var checks = new ArrayList<Executable>();
        for (var line : run.stdout().lines().toList()) {
            checks.add(() -> assertTrue(line.contains(" refused: "), line));
        }
        assertTrue(!checks.isEmpty(), run::toString);
        assertEquals(0, run.exitCode(), run::toString);
        assertAll(checks);
    }
}
