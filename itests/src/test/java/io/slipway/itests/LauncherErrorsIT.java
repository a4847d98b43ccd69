package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong is told in one line with its fix, and nothing is left half done. */
class LauncherErrorsIT {

    private static final String NO_ENGINE = "  note  Docker       ";
    private static final String PROCESSES = "sessions run as isolated processes; for Docker images type: ";

    private final FakeCheckout checkout = new FakeCheckout();

    @AfterEach
    void cleanUp() {
        checkout.close();
    }

    @Test
    void noJdk() {
        var home = checkout.home("nojdk");
        // every program of the system but a Java compiler
        checkout.bash("mkdir tools && ln -s /usr/bin/* tools/ && rm -f tools/java* && rm -rf tools/jvm")
                .succeeded();
        var result = checkout.slipway(
                Map.of(
                        "PATH", checkout.root().resolve("tools").toString(),
                        "JAVA_HOME", "",
                        "SLIPWAY_JAVA_HOME", "",
                        "SLIPWAY_JDK_SEARCH", "/nowhere"),
                "up",
                "--home",
                home.toString());
        assertOneLine(result, "no JDK 25 or newer found; install one");
        assertFalse(Files.exists(home));
    }

    @Test
    void namedJdkIsNone() {
        var home = checkout.home("badjdk");
        var result = checkout.slipway(Map.of("SLIPWAY_JAVA_HOME", "/usr"), "up", "--home", home.toString());
        assertOneLine(result, "SLIPWAY_JAVA_HOME=/usr is no JDK 25 or newer");
        assertFalse(Files.exists(home));
    }

    @Test
    void portTaken() throws IOException {
        var home = checkout.home("port");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertOneLine(
                    checkout.up(home, taken.getLocalPort()), "port " + taken.getLocalPort() + " is taken; choose");
            assertFalse(Files.exists(home.resolve("slipway.pid")));
        }
        checkout.up(home, Installation.freePort()).succeeded();
    }

    /** The port of a home, or the usual one, is looked at as early as one that is asked for. */
    @Test
    void portOfTheSettingsTaken() throws IOException {
        var home = checkout.home("kept-port");
        try (var taken = new ServerSocket(Installation.freePort(), 1, InetAddress.getLoopbackAddress())) {
            Files.createDirectories(home.resolve("etc"));
            Files.writeString(settings(home), "port = " + taken.getLocalPort() + "\n");
            assertOneLine(
                    checkout.slipway(Map.of(), "up", "--no-demo", "--home", home.toString()),
                    "port " + taken.getLocalPort() + " is taken; choose");
            assertFalse(Files.exists(home.resolve("lib")));
        }
        checkout.slipway(Map.of(), "up", "--no-demo", "--home", home.toString()).succeeded();
    }

    @Test
    void homeBelowAFile() throws IOException {
        var file = Files.writeString(checkout.root().resolve("file"), "x");
        assertOneLine(checkout.up(file.resolve("home"), Installation.freePort()), "is not writable; choose another");
    }

    @Test
    void homeOfSomebodyElse() throws IOException {
        var folder = Files.createDirectories(checkout.root().resolve("closed"));
        checkout.bash("chmod 555 '" + folder + "'").succeeded();
        var script = "./slipway up --home '" + folder.resolve("home") + "'";
        var words = LauncherIT.isRoot()
                ? List.of("setpriv", "--reuid=nobody", "--clear-groups", "bash", "-c", script)
                : List.of("bash", "-c", script);
        assertOneLine(checkout.run(Map.of(), words), "is not writable; choose another");
        assertFalse(Files.exists(folder.resolve("home")));
    }

    @Test
    void diskAlmostFull() throws IOException {
        assertOneLine(upOnSmallDisk(Map.of()), "MB are needed; make room or choose another --home DIR");
    }

    @Test
    void diskFullWhileUnpacking() throws IOException {
        var result = upOnSmallDisk(Map.of("SLIPWAY_NEEDED_MB", "0"));
        assertOneLine(result, "is full; make room and type the same again");
        assertEquals("lib: no, new: no\n", result.out().substring(result.out().indexOf("lib:")));
    }

    /**
     * The disk fills while the home is being written: while files are unpacked, settings made, the server started. With room
     * the next call makes it good.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 64, 4_300, 4_600})
    void diskFullAnywhereInAFirstStart(int kilobytes) throws IOException {
        var up = "./slipway up --no-demo --api-port " + Installation.freePort() + " --home \"$PWD/small/home\"";
        var script = "mkdir -p small && mount -t tmpfs -o size=24m tmpfs small && export SLIPWAY_NEEDED_MB=0"
                + " && head -c $(( (24 * 1024 - " + kilobytes + ") * 1024 )) /dev/zero >small/filler; " + up
                + " >/dev/null; echo \"exit $?\"; rm small/filler; " + up + " >/dev/null || echo not repaired;"
                + " find small/home -name '*.part' -o -name '*.new'; ./slipway down --home \"$PWD/small/home\" >/dev/null";
        var result = checkout.run(Map.of("SLIPWAY_START_LIMIT", "20"), List.of("unshare", "-rm", "bash", "-c", script));
        if (kilobytes < 1_000 || !result.out().equals("exit 0\n")) { // more may just have been enough
            assertEquals("exit 1\n", result.out(), result::all);
            assertOneLine(new Command.Result(1, "", result.err()), "is full; make room and type the same again");
        }
    }

    /** A file system of 2 MB in a mount namespace of its own, whose end takes it away. */
    private Command.Result upOnSmallDisk(Map<String, String> environment) throws IOException {
        var script = "mkdir -p small && mount -t tmpfs -o size=2m tmpfs small && { ./slipway up --no-demo --api-port "
                + Installation.freePort()
                + " --home \"$PWD/small/home\"; code=$?; has() { [ -e small/home/$1 ] && echo yes || echo no; };"
                + " echo \"lib: $(has lib), new: $(has .slipway/new)\"; exit $code; }";
        return checkout.run(environment, List.of("unshare", "-rm", "bash", "-c", script));
    }

    @Test
    void serverEndsWhileItStarts() throws IOException {
        var home = checkout.home("dies");
        var port = Installation.freePort();
        var result = checkout.slipway(Map.of("FAKE", "die"), up(home, port));
        assertEquals(1, result.exit(), result.all());
        assertTrue(result.err().contains("ERROR the disk is on fire"), result.err());
        assertTrue(result.err().contains("slipway: the server ended while it started; read "), result.err());
        assertFalse(Files.exists(home.resolve("slipway.pid")));
        checkout.up(home, port).succeeded();
    }

    @Test
    void serverNeverGetsReady() throws IOException {
        var home = checkout.home("mute");
        var port = Installation.freePort();
        var result = checkout.slipway(Map.of("FAKE", "mute", "SLIPWAY_START_LIMIT", "2"), up(home, port));
        assertEquals(1, result.exit(), result.all());
        assertTrue(result.err().contains("was not ready within 2 s and was stopped"), result.err());
        assertEquals(
                "", checkout.bash("pgrep -f -- '-Dkaraf.base=" + home + "$'").out());
        checkout.up(home, port).succeeded();
    }

    @Test
    void aRunningServerThatDoesNotAnswerIsLeftAlone() throws IOException {
        var home = checkout.home("moved");
        checkout.up(home, Installation.freePort()).succeeded();
        var pid = Files.readString(home.resolve("slipway.pid"));
        Files.writeString(settings(home), "port = " + Installation.freePort() + "\n");
        var result = checkout.slipway(Map.of("SLIPWAY_START_LIMIT", "1"), "up", "--no-demo", "--home", home.toString());
        assertOneLine(result, "runs but does not answer on 127.0.0.1:");
        assertEquals(pid, Files.readString(home.resolve("slipway.pid")));
        checkout.bash("kill -0 " + pid.strip()).succeeded();
    }

    @Test
    void aServerOnAnotherAddressIsFound() throws IOException {
        var home = checkout.home("elsewhere");
        var port = Installation.freePort();
        checkout.up(home, port).succeeded();
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        Files.writeString(settings(home), "port = " + port + "\nhost = 127.0.0.2\n");
        var result = checkout.slipway(Map.of(), "up", "--no-demo", "--home", home.toString());
        result.succeeded();
        assertTrue(result.out().contains("http://127.0.0.2:" + port), result.out());
    }

    /** As in a container whose first process is {@code sleep}: it never asks for a child that ended. */
    @Test
    void stopsWhereTheFirstProcessReapsNobody() throws IOException {
        var home = checkout.home("unreaped");
        var script = "import subprocess as s; h = ['--home', '" + home + "'];"
                + " s.run(['./slipway', 'up', '--no-demo', '--api-port', '" + Installation.freePort() + "', *h],"
                + " check=True); s.run(['./slipway', 'down', *h], check=True, timeout=20)";
        var result =
                checkout.run(Map.of(), List.of("unshare", "-rpf", "--mount-proc", "/usr/bin/python3", "-c", script));
        assertEquals(0, result.exit(), result.all());
        assertTrue(result.out().contains("Stopping (pid "), result.out());
        assertFalse(Files.exists(home.resolve("slipway.pid")));
    }

    private static Path settings(Path home) {
        return home.resolve("etc/io.slipway.manager.gateway.cfg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "99999", "-1", "0"})
    void badPort(String port) {
        var result =
                checkout.slipway(Map.of(), "up", "--home", checkout.home("bad").toString(), "--api-port=" + port);
        assertOneLine(result, "choose one from 1024 to 65535");
    }

    @Test
    void unknownWords() {
        assertOneLine(checkout.slipway(Map.of(), "fly"), "unknown command fly; ./slipway help lists them");
        assertOneLine(checkout.slipway(Map.of(), "up", "--fly"), "unknown option --fly; ./slipway help lists them");
        assertOneLine(checkout.slipway(Map.of(), "up", "fly"), "unknown word fly; ./slipway help lists the commands");
        assertOneLine(checkout.slipway(Map.of(), "up", "--home"), "--home needs a value; ");
        assertOneLine(checkout.slipway(Map.of(), "test", "--jobs", "0"), "--jobs 0 is no number; choose one from 1 to");
        assertOneLine(checkout.slipway(Map.of(), "demo", "swap", "--swaps=x"), "--swaps x is no number; choose one");
        assertOneLine(checkout.slipway(Map.of(), "demo", "swap", "--seconds=-1"), "--seconds -1 is no number; choose");
        assertOneLine(checkout.slipway(Map.of(), "demo"), "which demo?; type ./slipway demo swap");
    }

    @Test
    void shellWithoutAServer() {
        var home = checkout.home("silent").toString();
        assertOneLine(checkout.slipway(Map.of(), "shell", "--home", home, "x:y"), "does not run; type ./slipway up");
    }

    @Test
    void doctorNamesEachTroubleWithItsFix() {
        var result = checkout.slipway(
                Map.of("SLIPWAY_JAVA_HOME", "/usr"),
                "doctor",
                "--home",
                checkout.home("sick").toString());
        assertEquals(1, result.exit());
        assertTrue(result.out().contains("FIX   Java"), result.out());
        assertTrue(result.out().contains("point it at one"), result.out());
    }

    @Test
    void doctorMissesProgramsPortsAndRoom() throws IOException {
        var home = checkout.home("poor");
        var etc = Files.createDirectories(home.resolve("etc"));
        Files.createDirectories(home.resolve(".slipway"));
        Files.writeString(home.resolve(".slipway/build"), "an unpacked one without the shell's client\n");
        checkout.bash(
                "mkdir tools && ln -s /usr/bin/* tools/ && rm -f tools/mvn tools/bwrap tools/ssh tools/python3.12");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(etc.resolve("io.slipway.manager.gateway.cfg"), "port = " + taken.getLocalPort() + "\n");
            var result = checkout.slipway(
                    Map.of(
                            "PATH", checkout.root().resolve("tools").toString(),
                            "SLIPWAY_JAVA_HOME", System.getProperty("java.home"),
                            "SLIPWAY_TEST_PYTHON", "",
                            "HOME", checkout.root().toString(),
                            "SLIPWAY_NEEDED_MB", "99999999"),
                    "doctor",
                    "--home",
                    home.toString());
            assertEquals(1, result.exit(), result.all());
            for (var line : List.of(
                    "  ok    Java         " + Runtime.version().feature() + " in ",
                    "  FIX   Maven        missing, and needed to build; type: sudo apt-get install maven",
                    "  FIX   Isolation    bubblewrap is missing, no session can start; type: sudo apt-get install",
                    "  FIX   Ports        " + taken.getLocalPort() + " is taken by another program; use",
                    "  FIX   Shell        no client; type: sudo apt-get install openssh-client",
                    " MB free at " + home + ", 99999999 MB are needed; make room or use --home DIR",
                    "5 to fix.")) {
                assertTrue(result.out().contains(line), () -> line + " is not in\n" + result.all());
            }
        }
    }

    @Test
    void doctorSaysWhyThereIsNoDockerEngineAndWhatToType() throws IOException {
        var home = checkout.home("no-engine");
        var socket = checkout.root().resolve("engine.sock");
        Files.createDirectories(home.resolve("etc"));
        Files.writeString(home.resolve("etc/io.slipway.runtime.docker.cfg"), "host = unix://" + socket + "\n");
        checkout.bash("mkdir tools && ln -s /usr/bin/* tools/ && rm -f tools/dockerd && chmod 755 tools")
                .succeeded();

        assertEquals(NO_ENGINE + "no engine, " + PROCESSES + "sudo apt-get install docker.io", docker(home));
        checkout.bash("ln -s /bin/true tools/dockerd").succeeded();
        var silent = NO_ENGINE + "no engine listens on " + socket + ", " + PROCESSES + "sudo systemctl start docker";
        assertEquals(silent, docker(home));
        try (var engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            engine.bind(UnixDomainSocketAddress.of(socket));
            checkout.bash("chmod 600 engine.sock").succeeded();
            assertEquals("  ok    Docker       an engine listens on " + socket, docker(home));
        }
        assertTrue(Files.exists(socket), "the engine that is gone leaves its socket");
        assertEquals(silent, docker(home));
        checkout.bash("chmod -R a+rX homes && chmod 000 engine.sock").succeeded();
        var closed = docker(home, LauncherIT.isRoot() ? "setpriv --reuid=nobody --clear-groups" : "");
        assertTrue(closed.contains(socket + " is closed to "), closed);
        assertTrue(closed.contains("type: sudo usermod -aG docker "), closed);
    }

    private String docker(Path home) {
        return docker(home, "");
    }

    /** Returns what the doctor says of Docker to somebody else. */
    private String docker(Path home, String user) {
        var script = "PATH=\"$PWD/tools\" " + user + " ./slipway doctor --home '" + home + "'";
        return checkout.bash(script)
                .out()
                .lines()
                .filter(line -> line.contains(" Docker "))
                .findFirst()
                .orElseThrow();
    }

    /** Whatever is called python3 comes first in PATH, it is the system's that runs. */
    @Test
    void aPythonThatComesFirstIsNeverRun() throws IOException {
        var fakes = Files.createDirectories(checkout.root().resolve("fakes"));
        checkout.bash("printf '#!/bin/sh\\necho \"$@\" >>\"%s/ran\"\\nexit 1\\n' \"$PWD\" >fakes/python3"
                        // it ends the look for one that fits the official client, which tries each there is
                        + " && printf '#!/bin/sh\\necho \"(3, 12)\"\\n' >fakes/fit && chmod +x fakes/*")
                .succeeded();
        var variables = Map.of(
                "PATH",
                fakes.toString(),
                "SLIPWAY_TEST_PYTHON",
                fakes.resolve("fit").toString());
        var maven = new FakeMaven(checkout);
        var home = checkout.home("python");

        maven.up(home, variables).succeeded();
        var doctor = maven.slipway(variables, "doctor", "--home", home.toString());
        assertTrue(doctor.out().contains("  ok    Python       Python 3."), doctor::all);
        // the server here is a stand-in that knows no sessions
        var demo = maven.slipway(variables, "demo", "swap", "--home", home.toString());
        assertEquals(1, demo.exit(), demo::all);
        var down = maven.slipway(variables, "down", "--sessions", "--home", home.toString());
        assertTrue(down.err().contains("not all sessions ended"), down::all);
        maven.slipway(variables, "test", "--unit").succeeded();
        assertFalse(Files.exists(checkout.root().resolve("ran")), "a python3 of the PATH was run");
    }

    private static String[] up(Path home, int port) {
        return new String[] {"up", "--no-demo", "--home", home.toString(), "--api-port", Integer.toString(port)};
    }

    private static void assertOneLine(Command.Result result, String part) {
        assertEquals(1, result.exit(), result.all());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("slipway: "), result.err());
        assertTrue(result.err().contains(part), result.err());
    }
}
