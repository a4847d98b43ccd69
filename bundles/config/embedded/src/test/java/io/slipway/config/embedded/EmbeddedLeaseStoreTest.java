package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import io.slipway.config.testkit.LeaseStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedLeaseStoreTest extends LeaseStoreContract {

    private final AtomicLong now = new AtomicLong();

    @TempDir
    private Path own;

    @Override
    protected LeaseStore open(Path folder) throws IOException, ConfigStoreException {
        var store = new EmbeddedConfigStore(StoreFile.in(folder), now::get);
        store.start();
        return store;
    }

    @Override
    protected void close(LeaseStore store) {
        ((EmbeddedConfigStore) store).stop();
    }

    @Override
    protected void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void refusesLeasesThatAreTooShort() throws Exception {
        var store = open(own);
        assertThrows(IllegalArgumentException.class, () -> store.acquire("l", "a", Duration.ofMillis(999)));
        close(store);
    }
}
