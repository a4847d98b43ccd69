package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.testkit.PluginContract;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** The bundle as a plug-in that is swapped, with a kernel's whole life in each of its own. */
class DockerPluginTest extends PluginContract {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private DockerFixture fixture;

    @Override
    protected Class<?> pluginClass() {
        return DockerRuntime.class;
    }

    @Override
    protected Map<String, Map<String, Object>> settings() throws Exception {
        fixture = new DockerFixture();
        return Map.of(
                "io.slipway.runtime.docker",
                Map.of("host", "unix://" + fixture.engine().socket()));
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) { // there is none where no engine can be
            fixture.close();
        }
    }

    @Override
    protected void use(Object service) throws Exception {
        var runtime = (KernelRuntime) service;
        assertTrue(((ImageStore) service).image(DockerFixture.BUSYBOX, LIMIT).isPresent());
        var kernel = new KernelId(UUID.randomUUID());
        runtime.create(fixture.spec(kernel, List.of("/bin/sh", "-c", "exec sleep 1000")), LIMIT);
        runtime.start(kernel, LIMIT);
        assertEquals(1, runtime.list().size());
        ((KernelLogs) service).tail(kernel, 100);
        runtime.stop(kernel, Duration.ZERO);
        runtime.remove(kernel);
    }
}
