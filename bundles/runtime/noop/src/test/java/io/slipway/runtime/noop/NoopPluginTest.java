package io.slipway.runtime.noop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.testkit.PluginContract;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.ResourceLimits;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

class NoopPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return NoopRuntime.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        var runtime = (KernelRuntime) service;
        var kernel = new KernelId(UUID.randomUUID());
        runtime.create(spec(kernel), Duration.ofSeconds(1));
        runtime.start(kernel, Duration.ofSeconds(1));
        assertEquals(1, runtime.list().size());
        runtime.stop(kernel, Duration.ZERO);
        runtime.remove(kernel);
    }

    private static KernelSpec spec(KernelId kernel) {
        return new KernelSpec(
                kernel,
                Map.of("io.slipway.kernel", kernel.toString()),
                ImageRef.parse("noop/noop:latest", ImageRef.DEFAULT_ARCHITECTURE),
                List.of(),
                Map.of(),
                "main1",
                Path.of("/nowhere"),
                List.of(),
                List.of(),
                new ResourceLimits(BigDecimal.ONE, List.of(), 1 << 20, 10, 0));
    }
}
