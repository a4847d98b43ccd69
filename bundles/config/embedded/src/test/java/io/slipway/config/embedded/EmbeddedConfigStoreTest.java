package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.testkit.ConfigStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedConfigStoreTest extends ConfigStoreContract {

    @TempDir
    private Path own;

    @Override
    protected ConfigStore open(Path folder) throws IOException, ConfigStoreException {
        return opened(folder);
    }

    private static EmbeddedConfigStore opened(Path folder) throws IOException, ConfigStoreException {
        var store = new EmbeddedConfigStore(StoreFile.in(folder), System::nanoTime);
        store.start();
        return store;
    }

    @Override
    protected void close(ConfigStore store) {
        ((EmbeddedConfigStore) store).stop();
    }

    @Test
    void letsOnlyTheOwnerRead() throws Exception {
        opened(own).stop();
        var file = own.resolve("config.mv");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void refusesAFileThatAnotherHas() throws Exception {
        var first = opened(own);
        var message =
                assertThrows(ConfigStoreException.class, () -> opened(own)).getMessage();
        assertTrue(message.contains("config.mv"), message);
        first.stop();
    }

    @Test
    void makesRoomWhenItIsOpened() throws Exception {
        var store = opened(own);
        var full = sizeAfterPuts(store);
        store.stop();
        store = opened(own);
        store.put(Map.of("key", "small"));
        store.stop();
        assertTrue(Files.size(own.resolve("config.mv")) < full / 2, () -> own + " is as large as before: " + full);
    }

    private long sizeAfterPuts(EmbeddedConfigStore store) throws Exception {
        var value = "v".repeat(1000);
        for (var i = 0; i < 300; i++) {
            store.put(Map.of("key", value + i));
        }
        return Files.size(own.resolve("config.mv"));
    }
}
