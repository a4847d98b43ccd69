package io.slipway.accelerator.mock;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.plugin.testkit.PluginContract;

class MockPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return MockAcceleratorProvider.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        assertFalse(((AcceleratorProvider) service).inventory().devices().isEmpty());
    }
}
