package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the distribution's own framework: each feature installs alone, goes again, and nobody gets more rights than his. */
class FeaturesIT {

    private static final Pattern REFRESHED = Pattern.compile("FeaturesServiceImpl +\\| {3,}(\\S+)/\\S+ \\(");
    private static final Pattern UNRESOLVED =
            Pattern.compile("\\| *Installed *\\|.*?(io\\.slipway\\.\\S+|org\\.\\S+|com\\.\\S+)");
    private static final Pattern OURS = Pattern.compile("io\\.slipway\\.[a-z.]+");
    private static BareKaraf karaf;

    @BeforeAll
    static void start() throws IOException {
        karaf = BareKaraf.start();
    }

    @AfterAll
    static void stop() throws IOException {
        karaf.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "api", "plugin", "config", "agent", "manager", "gateway", "shell"})
    void installsAndGoesWithoutRefreshingTheFramework(String area) throws IOException {
        var feature = "slipway-" + area;
        var before = ours();
        var mark = karaf.logMark();
        var install = karaf.run(BareKaraf.ADMIN, "feature:install " + feature);
        assertEquals(0, install.exit(), () -> feature + " does not resolve: " + install.out());
        assertEquals(List.of(), unresolved(), feature + " left bundles unresolved");
        assertEquals(Set.of(), refreshedOfFramework(karaf.logSince(mark)), "refreshed by " + feature);
        mark = karaf.logMark();
        karaf.run(BareKaraf.ADMIN, "feature:uninstall " + feature).succeeded();
        assertEquals(before, ours(), "left behind by " + feature);
        assertEquals(Set.of(), refreshedOfFramework(karaf.logSince(mark)), "refreshed by the removal of " + feature);
    }

    @Test
    void viewerMayLookButNotTouch() {
        assertTrue(karaf.run(BareKaraf.VIEWER, "jaas:whoami").out().contains("viewer"));
        assertTrue(karaf.run(BareKaraf.VIEWER, "bundle:list -t 0").out().contains("Active"));
        for (var command : List.of(
                "bundle:stop org.apache.karaf.log.core",
                "feature:install slipway-base",
                "feature:uninstall log",
                "bundle:install file:/tmp/x.jar",
                "echo x | bundle:stop org.apache.karaf.log.core",
                "bundle:list | grep log; bundle:stop org.apache.karaf.log.core")) {
            var result = karaf.run(BareKaraf.VIEWER, command);
            assertTrue(result.out().contains("Command not found"), () -> command + " said " + result.out());
        }
        assertTrue(karaf.run(BareKaraf.ADMIN, "bundle:list -t 0 -s").out().contains("log.core"));
        assertFalse(karaf.run(BareKaraf.ADMIN, "bundle:list -t 0 -s | grep log.core")
                .out()
                .contains("Resolved"));
    }

    @Test
    void adminMay() {
        karaf.run(BareKaraf.ADMIN, "bundle:stop org.apache.karaf.log.core").succeeded();
        karaf.run(BareKaraf.ADMIN, "bundle:start org.apache.karaf.log.core").succeeded();
    }

    @Test
    void nobodySignsInWithAnotherKeyOrNone() {
        assertFalse(
                karaf.run(BareKaraf.ADMIN, "viewer.key", "jaas:whoami").out().contains("slipway\n"));
        assertFalse(karaf.run("karaf", "slipway.key", "jaas:whoami").out().contains("karaf\n"));
        assertEquals(1, karaf.run("root", "nokey", "jaas:whoami").exit());
    }

    private static Set<String> ours() {
        var names = new TreeSet<String>();
        var matcher = OURS.matcher(list());
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static List<String> unresolved() {
        var names = new ArrayList<String>();
        var matcher = UNRESOLVED.matcher(list());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String list() {
        return karaf.run(BareKaraf.ADMIN, "bundle:list -t 0 -s").succeeded().out();
    }

    /** What was refreshed and is neither ours nor one of the libraries that our features bring. */
    private static Set<String> refreshedOfFramework(String log) {
        var names = new TreeSet<String>();
        var matcher = REFRESHED.matcher(log);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        names.removeIf(name -> name.startsWith("io.slipway.") && !name.equals("io.slipway.karaf.subject"));
        names.removeIf(name -> name.startsWith("com.fasterxml.jackson.") || name.equals("org.jspecify.jspecify"));
        return names;
    }
}
