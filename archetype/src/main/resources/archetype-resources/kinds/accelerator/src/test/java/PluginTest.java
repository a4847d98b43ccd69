package ${package};

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.plugin.testkit.PluginContract;

/** What every plug-in's bundle does: it starts, stands beside itself, checks itself and goes without a trace. */
class PluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return DeviceProvider.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        assertFalse(((AcceleratorProvider) service).inventory().devices().isEmpty());
    }
}
