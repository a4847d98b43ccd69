package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

class ReconcilerTest {

    private static final PluginId CPU = new PluginId("cpu");

    @TempDir
    private Path folder;

    private Path plugins;
    private FrameworkFixture framework;
    private SelectionJournal journal;

    @BeforeEach
    void startFramework() throws Exception {
        plugins = folder.resolve("plugins");
        framework = new FrameworkFixture(folder.resolve("cache"));
        journal = new SelectionJournal(plugins.resolve("journal.jsonl"), () -> Instant.EPOCH);
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.close();
    }

    @Test
    void startsTheHighestVersionOfWhatIsNew() throws Exception {
        put("cpu", "1.0.0", "a");
        put("cpu", "1.10.0", "b");
        put("cpu", "1.9.0", "c");

        reconcile();

        assertEquals(List.of("1.10.0"), activeVersions());
        assertEquals(new Version("1.10.0"), journal.selection().get(CPU));
    }

    @Test
    void startsWhatTheJournalSelectsThoughThereIsAHigherVersion() throws Exception {
        put("cpu", "1.0.0", "a");
        reconcile();
        put("cpu", "2.0.0", "b");
        reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
    }

    @Test
    void followsANewBuildButLeavesWhatWasChosen() throws Exception {
        put("cpu", "1.0.0", "a");
        put("mem", "1.0.0", "a");
        Files.writeString(plugins.resolve("shipped.txt"), "cpu/1.0.0.jar\nmem/1.0.0.jar\n");
        reconcile();
        put("mem", "1.5.0", "chosen");
        journal.select(new PluginId("mem"), new Version("1.5.0"));
        put("cpu", "2.0.0", "b");
        put("mem", "2.0.0", "b");
        Files.writeString(plugins.resolve("shipped.txt"), "cpu/2.0.0.jar\nmem/2.0.0.jar\n");
        reconcile();

        assertEquals(
                List.of("1.5.0", "2.0.0"), activeVersions().stream().sorted().toList());
        assertEquals(new Version("2.0.0"), journal.selection().get(CPU));
        reconcile();
        assertEquals(
                List.of("1.5.0", "2.0.0"), activeVersions().stream().sorted().toList());
    }

    @Test
    void fallsBackWhenTheSelectedVersionIsGone() throws Exception {
        put("cpu", "1.0.0", "a");
        put("cpu", "2.0.0", "b");
        reconcile();
        Files.delete(plugins.resolve("cpu/2.0.0.jar"));
        reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
    }

    @Test
    void replacesABundleWhoseBytesChanged() throws Exception {
        put("cpu", "1.0.0", "old");
        var before = reconcile().get(CPU).bundle();
        put("cpu", "1.0.0", "new");
        var after = reconcile().get(CPU).bundle();

        assertFalse(before.equals(after));
        assertEquals(Bundle.UNINSTALLED, before.getState());
        assertEquals(List.of("1.0.0"), activeVersions());
    }

    @Test
    void uninstallsWhatIsGone() throws Exception {
        put("cpu", "1.0.0", "a");
        put("mem", "1.0.0", "b");
        reconcile();
        Files.delete(plugins.resolve("mem/1.0.0.jar"));

        assertEquals(List.of(CPU), List.copyOf(reconcile().keySet()));
        assertEquals(1, activeVersions().size());
    }

    @Test
    void keepsGoingAfterABrokenJarAndSaysWhy() throws Exception {
        put("cpu", "1.0.0", "a");
        Files.createDirectories(plugins.resolve("broken"));
        Files.writeString(plugins.resolve("broken/1.0.0.jar"), "no zip at all");
        Files.writeString(plugins.resolve("broken/notes.jar"), "no version in the name");

        var result = reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
        var broken = result.get(new PluginId("broken"));
        assertTrue(broken.failure().startsWith("cannot be installed"), broken::toString);
    }

    @Test
    void keepsGoingWhenAJarCannotBeRead() throws Exception {
        put("cpu", "1.0.0", "a");
        Files.createDirectories(plugins.resolve("broken/1.0.0.jar"));

        var broken = reconcile().get(new PluginId("broken"));

        assertEquals(List.of("1.0.0"), activeVersions());
        assertTrue(broken.failure().startsWith("cannot be read from"), broken::toString);
    }

    @Test
    void startsTheSameAfterTheFrameworkForgotEverything() throws Exception {
        put("cpu", "1.0.0", "a");
        reconcile();
        framework.close();
        framework = new FrameworkFixture(folder.resolve("another-cache"));
        reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
    }

    private void put(String id, String version, String content) {
        SampleBundle.of("test." + id, version)
                .text("content.txt", content)
                .write(plugins.resolve(id).resolve(version + ".jar"));
    }

    private SortedMap<PluginId, InstalledPlugin> reconcile() throws IOException, InterruptedException {
        var bundles = new PluginBundles(framework.context(), Duration.ofSeconds(10), TestVerifier.open(journal));
        var result = new TreeMap<PluginId, InstalledPlugin>();
        for (var plugin : new Reconciler(
                        new PluginFolder(plugins),
                        journal,
                        bundles,
                        new VersionSettings(new PluginFolder(plugins), null))
                .install()) {
            result.put(plugin.id(), bundles.start(plugin));
        }
        return result;
    }

    private List<String> activeVersions() {
        return Arrays.stream(framework.context().getBundles())
                .filter(bundle -> bundle.getLocation().startsWith("slipway-plugin:"))
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString())
                .toList();
    }
}
