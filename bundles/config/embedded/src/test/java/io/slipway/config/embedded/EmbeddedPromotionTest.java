package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.config.spi.ConfigStoreException;
import io.slipway.plugin.testkit.PromotableContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Keys and leases are what must move. */
class EmbeddedPromotionTest extends PromotableContract<EmbeddedConfigStore> {

    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private Path folder;

    @Override
    protected EmbeddedConfigStore standby() throws IOException {
        return new EmbeddedConfigStore(StoreFile.in(folder), System::nanoTime);
    }

    @Override
    protected void stop(EmbeddedConfigStore store) {
        store.stop();
    }

    @Override
    protected void use(EmbeddedConfigStore store) throws ConfigStoreException {
        store.put(Map.of("used", "yes"));
        assertEquals(Optional.of("yes"), store.get("used"));
    }

    @Override
    protected void leave(EmbeddedConfigStore store, String name) throws ConfigStoreException {
        store.put(Map.of(name, "left"));
        store.acquire(name, "holder", LONG);
    }

    @Override
    protected void find(EmbeddedConfigStore store, String name) throws ConfigStoreException {
        assertEquals(Optional.of("left"), store.get(name));
        assertEquals(Optional.empty(), store.acquire(name, "another", LONG), "the lease got lost");
    }
}
