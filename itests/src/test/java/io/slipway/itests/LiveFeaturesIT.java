package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Takes areas out of a running server and puts them in again: each resolves alone and refreshes nothing of the core. */
class LiveFeaturesIT {

    private static final Pattern BUNDLE = Pattern.compile("(?m)^\\s*([a-zA-Z0-9_.-]+)/[0-9][^\\s]*\\s*$");

    private static Installation installation;

    @BeforeAll
    static void start() {
        installation = Installation.start();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void resolvesEveryBundle() {
        var diagnosis = shell("bundle:diag");
        assertFalse(diagnosis.contains("Unsatisfied"), diagnosis);
        assertFalse(diagnosis.contains("Unable to resolve"), diagnosis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slipway-shell", "slipway-gateway", "slipway-agent", "slipway-manager"})
    void leavesAndComesBack(String feature) {
        var before = ownBundles();
        shell("feature:uninstall " + feature);
        assertTrue(ownBundles().size() < before.size(), () -> feature + " took no bundle with it");

        var plan = shell("feature:install -v -t " + feature);
        assertEquals(List.of(), refreshed(plan), plan);
        shell("feature:install " + feature);

        assertEquals(before, Await.until(Duration.ofSeconds(30), LiveFeaturesIT::ownBundles, before::equals));
        Await.until(Duration.ofSeconds(30), () -> shell("bundle:diag"), text -> !text.contains("Unsatisfied"));
    }

    /** Returns bundles that a plan would refresh. */
    static List<String> refreshed(String plan) {
        var from = plan.indexOf("Bundles to refresh");
        if (from < 0) {
            return List.of();
        }
        return BUNDLE.matcher(plan.substring(from)
                        .lines()
                        .skip(1)
                        .takeWhile(line -> line.startsWith(" "))
                        .reduce("", (all, line) -> all + line + "\n"))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void readsPlans() {
        var plan = "Changes to perform:\n  Region: root\n    Bundles to refresh:\n      org.apache.felix.scr/2.2.6\n";
        assertEquals(List.of("org.apache.felix.scr"), refreshed(plan));
        assertEquals(List.of(), refreshed("Changes to perform:\n  Region: root\n"));
    }

    private static List<String> ownBundles() {
        return Arrays.stream(shell("bundle:list -t 0 -s --no-format").split("\n"))
                .filter(line -> line.contains("io.slipway."))
                .filter(line -> line.contains("Active"))
                .map(line -> line.replaceAll(".*(io\\.slipway\\.[a-z.]+).*", "$1"))
                .sorted()
                .toList();
    }

    private static String shell(String command) {
        return installation.shell(command).succeeded().out();
    }
}
