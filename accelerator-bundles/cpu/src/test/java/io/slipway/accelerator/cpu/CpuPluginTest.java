package io.slipway.accelerator.cpu;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.plugin.testkit.PluginContract;

class CpuPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return CpuAcceleratorProvider.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        assertFalse(((AcceleratorProvider) service).inventory().devices().isEmpty());
    }
}
