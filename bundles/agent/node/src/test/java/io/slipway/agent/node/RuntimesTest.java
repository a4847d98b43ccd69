package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.image.ImageRef;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelRuntime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuntimesTest {

    private static final PluginId ENGINE = new PluginId("engine");
    private static final PluginId SANDBOX = new PluginId("sandbox");

    private static Optional<PluginId> choice(Map<String, PluginId> settings, String registry) {
        var plugins = new FakePluginSet<KernelRuntime>()
                .with("engine", claiming("hub", "both"))
                .with("sandbox", claiming("local", "both"));
        return new Runtimes(plugins, settings)
                .forImage(new ImageRef(registry, "team/tool", "1", "x86_64"))
                .map(Runtimes.Choice::id);
    }

    private static FakeRuntime claiming(String... registries) {
        var runtime = new FakeRuntime();
        runtime.registries = Set.of(registries);
        return runtime;
    }

    @Test
    void aSettingForARegistryGoesBeforeAClaim() {
        assertEquals(Optional.of(SANDBOX), choice(Map.of("hub", SANDBOX, "*", ENGINE), "hub"));
    }

    @Test
    void aClaimGoesBeforeTheSettingForAllOthers() {
        assertEquals(Optional.of(SANDBOX), choice(Map.of("*", ENGINE), "local"));
        assertEquals(Optional.of(ENGINE), choice(Map.of("*", SANDBOX), "hub"));
        assertEquals(Optional.of(SANDBOX), choice(Map.of("*", SANDBOX), "elsewhere"));
    }

    @Test
    void ofTwoThatClaimARegistryTheFirstByNameServesIt() {
        assertEquals(Optional.of(ENGINE), choice(Map.of(), "both"));
    }

    @Test
    void nobodyServesARegistryThatIsNeitherClaimedNorSet() {
        assertEquals(Optional.empty(), choice(Map.of(), "elsewhere"));
    }

    @Test
    void aSettingForARuntimeThatIsNotThereIsNotReplacedByAnother() {
        assertEquals(Optional.empty(), choice(Map.of("hub", new PluginId("gone")), "hub"));
    }
}
