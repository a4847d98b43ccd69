package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code ./slipway test} sums up tests that were skipped: a Docker engine that root could have installed is no excuse. */
class ResultsIT {

    private static final String DEFECT = "Skipped, though root could have installed what they want, which is a defect"
            + " (type: apt-get install docker.io docker-registry):\n  ";
    private static final String ALL = "EngineTest: all of it, and what it printed says why\n";

    private final FakeCheckout checkout = new FakeCheckout();

    @BeforeEach
    void bringApt() {
        checkout.bash("mkdir fakes && ln -s /bin/false fakes/apt-get && chmod 755 fakes")
                .succeeded();
    }

    @AfterEach
    void cleanUp() {
        checkout.close();
    }

    @Test
    void aClassWithoutItsEngineFailsTheTestsOfRoot() throws IOException {
        assumeTrue(LauncherIT.isRoot(), "only root installs");
        var maven = new FakeMaven(checkout);
        maven.report(report(checkout.root(), ""));
        var path = checkout.root().resolve("fakes").toString();

        var result = maven.slipway(Map.of("PATH", path), "test", "--unit");
        assertEquals(1, result.exit(), result::all);
        assertTrue(result.out().contains("0 passed, 0 failed, 1 skipped\n" + DEFECT + ALL), result::all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                DockerEngine.NO_DOCKERD,
                "dockerd is not installed (docker.io)",
                "docker-registry is not installed"
            })
    void aTestWithoutItsEngineFailsTheTestsOfRoot(String reason) throws IOException {
        assumeTrue(LauncherIT.isRoot(), "only root installs");
        report(skipped(reason));

        var result = results("env", "PATH=" + checkout.root().resolve("fakes"));
        assertEquals(1, result.exit(), result::all);
        assertTrue(
                result.out().contains("1 passed, 0 failed, 1 skipped\n" + DEFECT + "EngineTest.one: " + reason),
                result::all);
    }

    @Test
    void whoCannotInstallAnEngineIsToldOfWhatWasSkipped() throws IOException {
        report("");
        var user = LauncherIT.isRoot() ? List.of("setpriv", "--reuid=nobody", "--clear-groups") : List.<String>of();
        var theirs = new ArrayList<>(user);
        theirs.addAll(List.of("env", "PATH=" + checkout.root().resolve("fakes")));
        for (var result : List.of(results("env", "PATH=/nowhere"), results(theirs.toArray(String[]::new)))) {
            assertTrue(
                    result.succeeded().out().contains("0 passed, 0 failed, 1 skipped\nSkipped:\n  " + ALL),
                    result::all);
        }
    }

    @Test
    void whatIsSkippedForOtherReasonsIsOnlyTold() throws IOException {
        report(skipped("an engine of its own needs root"));
        var result = results("env", "PATH=" + checkout.root().resolve("fakes")).succeeded();
        assertTrue(
                result.out().contains("\nSkipped:\n  EngineTest.one: an engine of its own needs root\n"), result::all);
        assertFalse(result.out().contains("defect"), result::all);
    }

    private static String skipped(String reason) {
        return "<testcase classname='io.slipway.EngineTest' name='one' time='0'><skipped message='" + reason
                + "'/></testcase><testcase classname='io.slipway.EngineTest' name='other' time='0.1'/>";
    }

    /** Has a class report these cases. */
    private void report(String cases) throws IOException {
        report(Files.createDirectories(checkout.root().resolve("bundles/one/target/surefire-reports")), cases);
        checkout.bash("chmod -R a+rX bundles").succeeded();
    }

    private static Path report(Path folder, String cases) throws IOException {
        return Files.writeString(
                folder.resolve("TEST-io.slipway.EngineTest.xml"),
                "<testsuite name='io.slipway.EngineTest' time='0'>" + cases + "</testsuite>");
    }

    private Command.Result results(String... before) {
        var words = new ArrayList<>(Arrays.asList(before));
        words.addAll(List.of("/usr/bin/python3", "etc/launcher/results.py", ".", "unit"));
        return checkout.run(Map.of(), words);
    }
}
