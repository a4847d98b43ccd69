package io.slipway.plugin.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DroppedTest {

    private static final Limits LIMITS = new Limits(1 << 20, 2 << 20, 50);

    @TempDir
    Path folder;

    private final List<String> ordered = new ArrayList<>();
    private String refusal = "";
    private Path deploy;

    @BeforeEach
    void makeFolder() throws IOException {
        deploy = Files.createDirectories(folder.resolve("deploy"));
    }

    private Dropped dropped(boolean isUnsignedAllowed) {
        var verifier = new SignedJarVerifier(
                folder.resolve("trust"), LIMITS, Map.of(), isUnsignedAllowed, InstantSource.system());
        var installed = folder.resolve("plugins");
        var download = new Download(Duration.ofSeconds(1), Duration.ofSeconds(1));
        return new Dropped(
                deploy,
                installed,
                new Fetching(verifier, new PluginNames(installed), download, List.of(), LIMITS),
                (PluginAdministration) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {PluginAdministration.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "apply" -> CompletableFuture.completedFuture(order((PluginTransaction) arguments[0]));
                            case "explain" ->
                                new PluginExplanation(
                                        (PluginId) arguments[0],
                                        Optional.empty(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of());
                            default -> throw new UnsupportedOperationException(method.toString());
                        }));
    }

    private List<SwapOutcome> order(PluginTransaction transaction) {
        return transaction.artifacts().stream()
                .<SwapOutcome>map(artifact -> {
                    ordered.add(artifact.id() + " " + artifact.origin());
                    return refusal.isEmpty()
                            ? new SwapOutcome.Swapped(artifact.id(), "1", "2", Duration.ZERO, "")
                            : new SwapOutcome.Refused(artifact.id(), SwapStep.START, refusal);
                })
                .toList();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(deploy)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void handsAFileOverOnceItHasStoppedGrowing() throws Exception {
        var file = Jars.plugin(deploy.resolve("x.jar"), "org.acme.plugin", "1.2.0", "acme");
        var dropped = dropped(true);
        dropped.look();
        assertEquals(List.of(), ordered);
        Jars.plugin(file, "org.acme.plugin.with.a.longer.name", "1.2.0", "acme");
        dropped.look();
        assertEquals(List.of(), ordered);
        dropped.look();
        assertEquals(List.of("acme dropped as x.jar"), ordered);
        assertEquals(List.of(), left());
    }

    @Test
    void putsARefusedFileAsideWithTheReason() throws Exception {
        Jars.plugin(deploy.resolve("x.jar"), "org.acme.plugin", "1.2.0", "acme");
        var dropped = dropped(false);
        dropped.look();
        dropped.look();
        dropped.look();
        assertEquals(List.of(), ordered);
        assertEquals(List.of("x.jar.refused", "x.jar.refused.txt"), left());
        assertTrue(Files.readString(deploy.resolve("x.jar.refused.txt")).contains("sign"));
    }

    @Test
    void saysWhatTheLifecycleRefused() throws Exception {
        refusal = "it throws";
        Jars.plugin(deploy.resolve("x.jar"), "org.acme.plugin", "1.2.0", "acme");
        var dropped = dropped(true);
        dropped.look();
        dropped.look();
        assertEquals("it throws\n", Files.readString(deploy.resolve("x.jar.refused.txt")));
    }

    @Test
    void takesTheNameOfAnInstalledPluginFromTheFile() throws Exception {
        Files.createDirectories(folder.resolve("plugins/my-acme"));
        Jars.plugin(deploy.resolve("my-acme-1.2.0.jar"), "org.acme.plugin", "1.2.0", "acme");
        var dropped = dropped(true);
        dropped.look();
        dropped.look();
        assertEquals(List.of("my-acme dropped as my-acme-1.2.0.jar"), ordered);
    }

    @Test
    void leavesOtherFilesAlone() throws Exception {
        for (var name : List.of("README", ".x.jar", "x.jar.part", "x.xml")) {
            Files.writeString(deploy.resolve(name), "x");
        }
        Files.createDirectories(deploy.resolve("sub.jar"));
        var dropped = dropped(true);
        dropped.look();
        dropped.look();
        assertEquals(5, left().size());
    }
}
