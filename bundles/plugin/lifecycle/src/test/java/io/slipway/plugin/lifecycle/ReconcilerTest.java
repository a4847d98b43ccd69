package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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
    private Reconciler reconciler;

    @BeforeEach
    void startFramework() throws Exception {
        plugins = folder.resolve("plugins");
        framework = new FrameworkFixture(folder.resolve("cache"));
        journal = new SelectionJournal(plugins.resolve("journal.jsonl"), () -> Instant.EPOCH);
        reconciler = new Reconciler(framework.context(), new PluginFolder(plugins), journal);
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.close();
    }

    @Test
    void startsTheHighestVersionOfWhatIsNew() throws IOException {
        put("cpu", "1.0.0", "a");
        put("cpu", "1.10.0", "b");
        put("cpu", "1.9.0", "c");

        reconciler.reconcile();

        assertEquals(List.of("1.10.0"), activeVersions());
        assertEquals(new Version("1.10.0"), journal.selection().get(CPU));
    }

    @Test
    void startsWhatTheJournalSelectsThoughThereIsAHigherVersion() throws IOException {
        put("cpu", "1.0.0", "a");
        reconciler.reconcile();
        put("cpu", "2.0.0", "b");
        reconciler.reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
    }

    @Test
    void fallsBackWhenTheSelectedVersionIsGone() throws IOException {
        put("cpu", "1.0.0", "a");
        put("cpu", "2.0.0", "b");
        reconciler.reconcile();
        Files.delete(plugins.resolve("cpu/2.0.0.jar"));
        reconciler.reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
    }

    @Test
    void replacesABundleWhoseBytesChanged() throws IOException {
        put("cpu", "1.0.0", "old");
        var before = reconciler.reconcile().get(CPU).bundle();
        put("cpu", "1.0.0", "new");
        var after = reconciler.reconcile().get(CPU).bundle();

        assertFalse(before.equals(after));
        assertEquals(Bundle.UNINSTALLED, before.getState());
        assertEquals(List.of("1.0.0"), activeVersions());
    }

    @Test
    void uninstallsWhatIsGone() throws IOException {
        put("cpu", "1.0.0", "a");
        put("mem", "1.0.0", "b");
        reconciler.reconcile();
        Files.delete(plugins.resolve("mem/1.0.0.jar"));

        assertEquals(List.of(CPU), List.copyOf(reconciler.reconcile().keySet()));
        assertEquals(1, activeVersions().size());
    }

    @Test
    void keepsGoingAfterABrokenJarAndSaysWhy() throws IOException {
        put("cpu", "1.0.0", "a");
        Files.createDirectories(plugins.resolve("broken"));
        Files.writeString(plugins.resolve("broken/1.0.0.jar"), "no zip at all");
        Files.writeString(plugins.resolve("broken/notes.jar"), "no version in the name");

        var result = reconciler.reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
        var broken = result.get(new PluginId("broken"));
        assertTrue(broken.failure().startsWith("cannot be installed"), broken::toString);
    }

    @Test
    void startsTheSameAfterTheFrameworkForgotEverything() throws Exception {
        put("cpu", "1.0.0", "a");
        reconciler.reconcile();
        framework.close();
        framework = new FrameworkFixture(folder.resolve("another-cache"));
        new Reconciler(framework.context(), new PluginFolder(plugins), journal).reconcile();

        assertEquals(List.of("1.0.0"), activeVersions());
    }

    private void put(String id, String version, String content) {
        FrameworkFixture.bundle(plugins.resolve(id).resolve(version + ".jar"), "test." + id, version, content);
    }

    private List<String> activeVersions() {
        return Arrays.stream(framework.context().getBundles())
                .filter(bundle -> bundle.getLocation().startsWith("slipway-plugin:"))
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString())
                .toList();
    }
}
