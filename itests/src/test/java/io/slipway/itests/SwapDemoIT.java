package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code ./slipway demo swap} shows on a running home, and that it leaves nothing behind. */
@Tag("alone")
class SwapDemoIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** Second, calls, errors until then, p99, version, and what is being done. */
    private static final Pattern LIVE = Pattern.compile("(?m)^ *\\d+ +\\d+ +(\\d+) +\\d+\\.\\d  (\\S+) +\\S.*$");

    /** Too few calls prove nothing against a version: on a machine that hardly moves the bad one may pass its probation. */
    private static final int TRIES = 3;

    /** No version is judged by how long it takes. */
    private static final String PATIENT = SwapIT.PATIENT.replaceFirst("probationMillis=\\d+", "probationMillis=10000");

    @Test
    void noCallFailsAndTheBadVersionGoes() throws IOException {
        try (var installation = Installation.start(Map.of(
                "io.slipway.accelerator.cpu.cfg", "declaredCores=64\n",
                "io.slipway.accelerator.mem.cfg", "declared=1t\n",
                "io.slipway.plugin.lifecycle.cfg", PATIENT))) {
            var control = new PluginControl(SignedHttp.admin(installation));
            var version = control.status("noop").path("version").asText();
            var files = files(installation);

            var demo = demo(installation).succeeded();
            for (var part : List.of(
                    "   s  calls/s  errors  p99 ms  noop version     doing\n",
                    "\nwithout swaps  ",
                    "\n1 swap         ",
                    "\nbad version    gone after ",
                    " s: noop 0.2.9 was taken back, 0.2.0 serves again: ",
                    ", failed or repeated: 0\n")) {
                assertTrue(demo.out().contains(part), () -> part + " is not in\n" + demo.all());
            }
            var live = LIVE.matcher(demo.out()).results().toList();
            assertTrue(!live.isEmpty(), demo::all);
            assertTrue(live.stream().allMatch(line -> line.group(1).equals("0")), demo::all);
            assertEquals(version, control.status("noop").path("version").asText());
            assertEquals(files, files(installation));
        }
    }

    private static Command.Result demo(Installation installation) {
        var home = installation.home().toString();
        Command.Result result = null;
        for (var tries = 0; tries < TRIES && (result == null || result.out().contains("STAYED")); tries++) {
            result = installation.launcher(LIMIT, "demo", "swap", "--swaps", "1", "--seconds", "2", "--home", home);
        }
        return result;
    }

    /** What it adds to a home for a while: versions, and the list of those to be trusted. */
    private static List<Path> files(Installation installation) throws IOException {
        var home = installation.home();
        try (var plugins = Files.walk(home.resolve("plugins/noop"));
                var trusted = Files.walk(home.resolve("etc/plugin-trust"))) {
            return Stream.concat(plugins, trusted).sorted().toList();
        }
    }
}
