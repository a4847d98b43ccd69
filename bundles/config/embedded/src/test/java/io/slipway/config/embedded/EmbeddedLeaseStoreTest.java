package io.slipway.config.embedded;

import io.slipway.config.spi.LeaseStore;
import io.slipway.config.testkit.LeaseStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class EmbeddedLeaseStoreTest extends LeaseStoreContract {

    private final AtomicLong now = new AtomicLong();

    @Override
    protected LeaseStore open(Path folder) throws IOException {
        return new EmbeddedConfigStore(folder, now::get);
    }

    @Override
    protected void close(LeaseStore store) {
        ((EmbeddedConfigStore) store).stop();
    }

    @Override
    protected void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
