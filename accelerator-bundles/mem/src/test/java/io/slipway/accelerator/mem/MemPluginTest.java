package io.slipway.accelerator.mem;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.plugin.testkit.PluginContract;

class MemPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return MemAcceleratorProvider.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        assertFalse(((AcceleratorProvider) service).inventory().devices().isEmpty());
    }
}
