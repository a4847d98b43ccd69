package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the launcher does with homes: start, stop, keep, repair. */
class LauncherIT {

    private final FakeCheckout checkout = new FakeCheckout();

    @AfterEach
    void cleanUp() {
        checkout.close();
    }

    @Test
    void secondUpSaysSoAndSucceeds() throws IOException {
        var home = checkout.home("twice");
        var port = Installation.freePort();
        checkout.up(home, port).succeeded();
        var pid = Files.readString(home.resolve("slipway.pid"));
        var second = checkout.up(home, port).succeeded();
        assertTrue(second.out().contains("Already running"), second.out());
        assertEquals(pid, Files.readString(home.resolve("slipway.pid")));
    }

    @Test
    void statusAndDownTellWhatRuns() throws IOException {
        var home = checkout.home("status");
        assertEquals(3, status(home).exit());
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        checkout.up(home, Installation.freePort()).succeeded();
        assertTrue(status(home).succeeded().out().contains("Ready:       yes"));
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        assertEquals(3, status(home).exit());
        assertFalse(Files.exists(home.resolve("slipway.pid")));
    }

    @Test
    void startsUnderBlanksAndALongPath() throws IOException {
        var home = checkout.home("a home with blanks/" + "long ".repeat(30).strip() + "/" + "deep".repeat(25));
        checkout.up(home, Installation.freePort()).succeeded();
        assertTrue(status(home).succeeded().out().contains(home.toString()));
    }

    @Test
    void twoHomesRunSideBySide() throws IOException {
        var one = checkout.home("one");
        var two = checkout.home("two");
        checkout.up(one, Installation.freePort()).succeeded();
        checkout.up(two, Installation.freePort()).succeeded();
        assertNotEquals(Files.readString(one.resolve("slipway.pid")), Files.readString(two.resolve("slipway.pid")));
        checkout.slipway(Map.of(), "down", "--home", one.toString()).succeeded();
        assertEquals(3, status(one).exit());
        status(two).succeeded();
    }

    @Test
    void worksFromAnyFolderAndThroughALink() throws IOException {
        var home = checkout.home("linked");
        checkout.bash("ln -s \"$PWD/slipway\" homes-link && cd / && '" + checkout.root()
                        + "/homes-link' up --no-demo --home '" + home + "' --api-port " + Installation.freePort())
                .succeeded();
        status(home).succeeded();
    }

    @Test
    void serverHasASessionOfItsOwn() throws IOException {
        var home = checkout.home("detached");
        checkout.up(home, Installation.freePort()).succeeded();
        var pid = Files.readString(home.resolve("slipway.pid")).strip();
        assertEquals(pid, checkout.bash("ps -o sid= -p " + pid).out().strip());
    }

    @Test
    void secretsAreForTheOwnerAlone() throws IOException {
        var home = checkout.home("secret");
        var up = checkout.up(home, Installation.freePort()).succeeded();
        var open = checkout.bash("find '" + home + "' \\( -name shell.key -o -name client.env \\) -perm /077");
        assertEquals("", open.out());
        assertFalse(up.all().contains("PRIVATE"), up.all());
    }

    @Test
    void aNewBuildKeepsEditedSettingsAndReplacesTheRest() throws IOException {
        var home = checkout.home("upgrade");
        checkout.up(home, Installation.freePort()).succeeded();
        var key = Files.readString(home.resolve("etc/shell.key"));
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        Files.writeString(home.resolve("etc/sample.cfg"), "mark = mine\n");
        Files.writeString(home.resolve("data/kept"), "data");
        Files.createDirectories(home.resolve("data/cache"));
        checkout.build("second");
        checkout.slipway(Map.of(), "up", "--no-demo", "--home", home.toString()).succeeded();
        assertEquals("mark = mine\n", Files.readString(home.resolve("etc/sample.cfg")));
        assertEquals("mark = second\n", Files.readString(home.resolve("etc/sample.cfg.new")));
        assertEquals("second", Files.readString(home.resolve("plugins/noop/1.jar")));
        assertEquals("noop/1.jar\n", Files.readString(home.resolve("plugins/shipped.txt")));
        assertEquals("data", Files.readString(home.resolve("data/kept")));
        assertEquals(key, Files.readString(home.resolve("etc/shell.key")));
        assertFalse(Files.exists(home.resolve("data/cache")));
    }

    @Test
    void untouchedSettingsFollowTheBuild() throws IOException {
        var home = checkout.home("follow");
        checkout.up(home, Installation.freePort()).succeeded();
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        checkout.build("second");
        checkout.slipway(Map.of(), "up", "--no-demo", "--home", home.toString()).succeeded();
        assertEquals("mark = second\n", Files.readString(home.resolve("etc/sample.cfg")));
        assertFalse(Files.exists(home.resolve("etc/sample.cfg.new")));
    }

    @Test
    void aPidOfAnotherProgramIsNoServer() throws IOException {
        var home = checkout.home("stale");
        var port = Installation.freePort();
        checkout.up(home, port).succeeded();
        checkout.slipway(Map.of(), "down", "--home", home.toString()).succeeded();
        Files.writeString(home.resolve("slipway.pid"), ProcessHandle.current().pid() + "\n");
        assertEquals(3, status(home).exit());
        checkout.up(home, port).succeeded();
    }

    @Test
    void theNextUpRepairsAnInterruptedFirstOne() throws IOException {
        var home = checkout.home("killed");
        var port = Installation.freePort();
        for (var limit : List.of("0.02", "0.1", "0.2", "0.3", "0.4", "0.6", "0.9", "1.3")) {
            checkout.bash(
                    "timeout -s KILL " + limit + " ./slipway up --no-demo --home '" + home + "' --api-port " + port);
        }
        checkout.up(home, port).succeeded();
        status(home).succeeded();
        assertEquals(4 << 20, Files.size(home.resolve("lib/weight")));
        assertFalse(Files.exists(home.resolve(".slipway/new")));
        assertEquals(1, count(Files.readString(home.resolve("etc/keys.properties")), "slipway ="));
    }

    @Test
    void buildsWhatIsMissingOrOlderThanItsSources() throws IOException {
        var maven = new FakeMaven(checkout);
        var home = checkout.home("built");
        var source = checkout.root().resolve("bundles/one/src/main/One.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class One {}");

        assertEquals(1, maven.buildsOf(home), "there is no distribution yet");
        assertEquals(0, maven.buildsOf(home), "nothing has changed");
        maven.touch(source);
        assertEquals(1, maven.buildsOf(home), "a source is newer");
        Files.delete(source);
        maven.touch(source.getParent());
        assertEquals(1, maven.buildsOf(home), "a source is gone");
        maven.touch(Files.writeString(checkout.root().resolve("pom.xml"), "<project/>"));
        assertEquals(1, maven.buildsOf(home), "the build itself has changed");
        assertEquals(0, maven.buildsOf(home), "nothing has changed");
    }

    /** As where the system's java is older: it is looked at, and neither run nor used. */
    @Test
    void anOldJavaThatComesFirstIsPassedOver() throws IOException {
        var jdks = checkout.root().resolve("jdks");
        var old = jdks.resolve("17");
        checkout.bash(
                        "mkdir -p jdks/17/bin && echo 'JAVA_VERSION=\"17.0.9\"' >jdks/17/release && for name in java javac; do"
                                + " printf '#!/bin/sh\\necho \"openjdk version 17.0.9\" | tee -a \"%s/ran\"\\n' \"$PWD\""
                                + " >jdks/17/bin/$name; done && chmod +x jdks/17/bin/* && ln -s '"
                                + System.getProperty("java.home") + "' jdks/fit")
                .succeeded();
        var variables = Map.of(
                "PATH", old.resolve("bin").toString(),
                "JAVA_HOME", old.toString(),
                "SLIPWAY_JAVA_HOME", "",
                "SLIPWAY_JDK_SEARCH", jdks.toString());
        var maven = new FakeMaven(checkout);
        var home = checkout.home("old-java");
        var found = Runtime.version().feature() + " in " + jdks.resolve("fit") + "\n";

        maven.up(home, variables).succeeded();
        assertEquals(jdks.resolve("fit").toString(), maven.javaHome());
        assertEquals(1, maven.asked().size());
        var doctor = maven.slipway(variables, "doctor", "--home", home.toString());
        assertTrue(doctor.out().contains("  ok    Java         " + found), doctor.all());
        var test = maven.slipway(variables, "test", "--unit").succeeded();
        assertTrue(test.out().contains("Testing on Java " + found), test.all());
        assertEquals(jdks.resolve("fit").toString(), maven.javaHome());
        assertFalse(Files.exists(checkout.root().resolve("ran")), "an old java was run");
    }

    @Test
    void aBuildThatFailsSaysWhyAndLeavesTheHomeAlone() throws IOException {
        var maven = new FakeMaven(checkout);
        maven.breakDown("[ERROR] One.java:[1,1] class expected");
        var home = checkout.home("broken");
        var result = maven.up(home);
        assertEquals(1, result.exit(), result.all());
        assertTrue(result.err().contains("One.java:[1,1] class expected"), result.err());
        assertTrue(result.err().contains("slipway: the build failed; read "), result.err());
        assertFalse(Files.exists(home.resolve("lib")));
    }

    @Test
    void testsBeginWithTheFormatAndCompileWhatRunsLater() throws IOException {
        var maven = new FakeMaven(checkout);
        maven.slipway("test", "--unit").succeeded();
        var unit = maven.asked();
        assertEquals(2, unit.size(), unit::toString);
        assertTrue(unit.getFirst().contains("spotless:check"), unit::toString);
        assertTrue(unit.getLast().contains("-Ditests.skip=true"), unit::toString);
        assertFalse(unit.getLast().contains("-pl"), unit::toString);

        maven.slipway("test").succeeded();
        var all = maven.asked();
        assertEquals(3, all.size(), all::toString);
        assertTrue(all.getLast().contains("-pl itests"), all::toString);
        assertFalse(all.getLast().contains("itests.skip"), all::toString);
    }

    @Test
    void anIllFormedFileIsToldFirstAndLastAndHidesNoTest() throws IOException {
        var maven = new FakeMaven(checkout);
        maven.findFormat("src/test/java/One.java");
        var result = maven.slipway("test");
        assertEquals(1, result.exit(), result::all);
        assertEquals(3, result.err().split("src/test/java/One\\.java", -1).length, result::err);
        assertTrue(result.err().contains("type: mvn spotless:apply"), result::err);
        assertTrue(result.out().contains("0 passed, 0 failed"), result::out);
        assertEquals(3, maven.asked().size());
    }

    @Test
    void logsShowsTheEndAndGoesOnIfAsked() throws IOException {
        var home = checkout.home("logs");
        var log = home.resolve("data/log/slipway.log");
        assertEquals(
                1, checkout.slipway(Map.of(), "logs", "--home", home.toString()).exit());
        Files.createDirectories(log.getParent());
        Files.writeString(log, "old\n".repeat(200) + "last\n");

        var shown =
                checkout.slipway(Map.of(), "logs", "--home", home.toString()).succeeded();
        assertEquals("old\n".repeat(99) + "last\n", shown.out());

        var followed = checkout.bash("await() { for i in $(seq 300); do grep -qx $1 out && return; sleep 0.1; done; };"
                + " ./slipway logs -f --home '" + home + "' >out & await last; echo appended >>'" + log
                + "'; await appended; kill $!; cat out");
        assertEquals(shown.out() + "appended\n", followed.out(), followed.all());
    }

    @Test
    void withoutTheShellsOwnClientSshIsTaken() throws IOException {
        var home = checkout.home("ssh");
        checkout.up(home, Installation.freePort()).succeeded();
        var port = checkout.bash("sed -n 's/^slipway.ssh.port = //p' '" + home + "/etc/custom.system.properties'")
                .out()
                .strip();
        var fakes = Files.createDirectories(checkout.root().resolve("fakes"));
        Files.writeString(fakes.resolve("ssh"), "#!/bin/sh\nprintf '%s|' \"$@\"\n");
        fakes.resolve("ssh").toFile().setExecutable(true);
        var path = Map.of("PATH", fakes + ":" + System.getenv("PATH"));

        var command = checkout.slipway(path, "shell", "--home", home.toString(), "slipway:session-list", "--json");
        var start = "-q|-p|" + port + "|-i|" + home + "/etc/shell.key|";
        assertTrue(command.succeeded().out().startsWith(start), command.all());
        assertTrue(command.out().endsWith("|slipway@127.0.0.1|slipway:session-list --json|"), command.all());

        var interactive = checkout.slipway(path, "shell", "--home", home.toString());
        assertTrue(interactive.succeeded().out().endsWith("|slipway@127.0.0.1|"), interactive.all());
    }

    @Test
    void anOrdinaryUserStartsItToo() throws IOException {
        assumeTrue(isRoot(), "run by an ordinary user, every other test here is that proof");
        var folder = Files.createDirectories(checkout.root().resolve("theirs"));
        checkout.bash("chown nobody '" + folder + "'").succeeded();
        var script = "HOME='" + folder + "' ./slipway up --no-demo --api-port " + Installation.freePort() + " && HOME='"
                + folder + "' ./slipway status && HOME='" + folder + "' ./slipway down";
        var result =
                checkout.run(Map.of(), List.of("setpriv", "--reuid=nobody", "--clear-groups", "bash", "-c", script));
        assertTrue(result.succeeded().out().contains(folder.resolve(".slipway").toString()), result.out());
    }

    @Test
    void withoutIsolationToolsAnOrdinaryUserGetsAServerAndTheLineToType() throws IOException {
        // every program of the system but bubblewrap
        checkout.bash(
                "mkdir tools theirs && ln -s /usr/bin/* tools/ && rm tools/bwrap; chmod 755 tools; chmod 777 theirs");
        var home = checkout.root().resolve("theirs/home");
        var script = "export PATH=\"$PWD/tools\"; ./slipway up --home '" + home + "' --api-port "
                + Installation.freePort() + "; code=$?; ./slipway down --home '" + home + "'; exit $code";
        var words = isRoot()
                ? List.of("setpriv", "--reuid=nobody", "--clear-groups", "bash", "-c", script)
                : List.of("bash", "-c", script);
        var result = checkout.run(Map.of("SLIPWAY_JAVA_HOME", System.getProperty("java.home")), words);
        assertTrue(
                result.succeeded()
                        .out()
                        .contains("No first session: programs for it are missing. Type: sudo apt-get"
                                + " install bubblewrap\n"),
                result.all());
    }

    @Test
    void asRootMissingProgramsAreInstalledByAptAndThatIsSaid() throws IOException {
        var up = withoutPrograms("install", "", "--no-demo");

        assertTrue(up.succeeded().out().contains("Installing python3 bubblewrap by apt ... done"), up.all());
        assertEquals(
                "install -y -q --no-install-recommends python3 bubblewrap\n",
                Files.readString(checkout.root().resolve("apt.log")));
    }

    @Test
    void whereAptFailsTheServerStartsAndTheLineToTypeIsPrinted() throws IOException {
        var up = withoutPrograms("fail", "", "");

        assertTrue(up.succeeded().out().contains("Installing python3 bubblewrap by apt ... failed"), up.all());
        assertTrue(
                up.out()
                        .contains("No first session: programs for it are missing. Type: sudo apt-get"
                                + " install python3 bubblewrap\n"),
                up.all());
        assertTrue(up.out().contains("API: "), up.all());
    }

    @Test
    void anOrdinaryUserIsNeverAskedForAnInstallation() throws IOException {
        var up = withoutPrograms("install", isRoot() ? "setpriv --reuid=nobody --clear-groups" : "", "");

        assertTrue(
                up.succeeded()
                        .out()
                        .contains("No first session: programs for it are missing. Type: sudo apt-get"
                                + " install python3 bubblewrap\n"),
                up.all());
        assertFalse(Files.exists(checkout.root().resolve("apt.log")));
    }

    /**
     * Starts a server where Python and bubblewrap are missing, in a mount namespace of its own.
     *
     * @param apt what the stand-in of apt-get does: install or fail
     * @param user what makes the launcher run as somebody else
     * @param option one more option of up
     */
    private Command.Result withoutPrograms(String apt, String user, String option) throws IOException {
        var fakes = Files.createDirectories(checkout.root().resolve("fakes"));
        var home = checkout.root().resolve("theirs/home");
        Files.writeString(
                fakes.resolve("apt-get"),
                "#!/bin/sh\necho \"$@\" >>'" + checkout.root() + "/apt.log'\n[ " + apt
                        + " = install ] || exit 100\numount /usr/bin/python3 && ln -s /usr/bin/bwrap '"
                        + checkout.root() + "/tools/bwrap'\n");
        var script =
                "set -e; touch nothing; chmod 644 nothing; chmod 755 fakes fakes/apt-get; mkdir -p theirs; chmod 777 theirs;"
                        // the server is Python too and keeps a copy
                        + " cp -L /usr/bin/python3 fakes/python; export FAKE_PYTHON=\"$PWD/fakes/python\" PYTHONHOME=/usr;"
                        + " mkdir tools && ln -s /usr/bin/* tools/ && rm tools/bwrap && chmod 755 tools;"
                        + " mount --bind nothing /usr/bin/python3; export PATH=\"$PWD/fakes:$PWD/tools\" SLIPWAY_JAVA_HOME='"
                        + System.getProperty("java.home")
                        + "';"
                        + " code=0; " + user + " ./slipway up " + option + " --home '" + home + "' --api-port "
                        + Installation.freePort()
                        + " || code=$?; " + user + " ./slipway down --home '" + home + "' >/dev/null; exit $code";
        var namespace = isRoot() ? List.of("unshare", "-m") : List.of("unshare", "-rm");
        var words = new ArrayList<>(namespace);
        words.addAll(List.of("bash", "-c", script));
        return checkout.run(Map.of(), words);
    }

    private Command.Result status(Path home) {
        return checkout.slipway(Map.of(), "status", "--home", home.toString());
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
