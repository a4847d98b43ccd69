package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.LeaseStore;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.testkit.PluginContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

class EmbeddedPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return EmbeddedConfigStore.class;
    }

    /** One version at a time has the file, so it takes it and gives it back. */
    @Override
    protected void use(Object service) throws Exception {
        var promotable = (Promotable) service;
        promotable.promote(Optional.empty());
        var store = (ConfigStore) service;
        store.put(Map.of("config/plugin", "used"));
        assertEquals(Optional.of("used"), store.get("config/plugin"));
        store.watch("config/", (key, value) -> {}).close();
        ((LeaseStore) service).acquire("plugin", "test", Duration.ofSeconds(1));
        promotable.demote();
    }
}
