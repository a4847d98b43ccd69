package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.testkit.PluginContract;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.KernelRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What every plug-in's bundle does: it starts, stands beside itself, checks itself and goes without a trace. */
class PluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return FileRuntime.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        var runtime = (KernelRuntime) service;
        var kernel = new KernelId(UUID.randomUUID());
        var image = ((ImageStore) service).images().getFirst();
        var spec = FileRuntimeTest.spec(image.ref(), kernel, Path.of("/nowhere"), List.of());
        runtime.create(spec, Duration.ofSeconds(1));
        runtime.start(kernel, Duration.ofSeconds(1));
        assertEquals(1, runtime.list().size());
        runtime.stop(kernel, Duration.ZERO);
        runtime.remove(kernel);
    }
}
