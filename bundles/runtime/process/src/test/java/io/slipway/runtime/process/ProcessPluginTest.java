package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.testkit.PluginContract;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelStats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("threads that appear meanwhile count as left behind")
class ProcessPluginTest extends PluginContract {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ProcessFixture fixture;

    @Override
    protected Class<?> pluginClass() {
        return ProcessRuntime.class;
    }

    @Override
    protected Map<String, Map<String, Object>> settings() throws IOException {
        fixture = new ProcessFixture();
        return Map.of(
                "io.slipway.runtime.process",
                Map.of(
                        "kernelsFolder", fixture.settings().kernels().toString(),
                        "imagesFolder", fixture.settings().images().toString()));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Override
    protected void use(Object service) throws Exception {
        var runtime = (KernelRuntime) service;
        assertFalse(((ImageStore) service).images().isEmpty());
        var kernel = new KernelId(UUID.randomUUID());
        runtime.create(fixture.spec(kernel, List.of("/bin/sh", "-c", "exec sleep 1000")), LIMIT);
        runtime.start(kernel, LIMIT);
        assertEquals(1, runtime.list().size());
        ((KernelStats) service).usage(kernel);
        ((KernelLogs) service).tail(kernel, 100);
        runtime.stop(kernel, Duration.ZERO);
        runtime.remove(kernel);
    }
}
