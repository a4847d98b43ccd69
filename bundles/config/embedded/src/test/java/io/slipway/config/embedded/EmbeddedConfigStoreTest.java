package io.slipway.config.embedded;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.testkit.ConfigStoreContract;
import java.io.IOException;
import java.nio.file.Path;

class EmbeddedConfigStoreTest extends ConfigStoreContract {

    @Override
    protected ConfigStore open(Path folder) throws IOException {
        return new EmbeddedConfigStore(folder, System::nanoTime);
    }

    @Override
    protected void close(ConfigStore store) {
        ((EmbeddedConfigStore) store).stop();
    }
}
