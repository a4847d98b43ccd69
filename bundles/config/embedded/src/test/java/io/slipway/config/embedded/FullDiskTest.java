package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.spi.ConfigStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {

    private static final AtomicBoolean IS_FULL = new AtomicBoolean();

    @TempDir
    private Path folder;

    @BeforeEach
    void registerTheDisk() {
        FilePath.register(new FullDisk());
        IS_FULL.set(false);
    }

    @Test
    void servesWhatItHasAndWritesAgainWhenThereIsSpace() throws Exception {
        var store = opened();
        store.put(Map.of("k", "before"));
        IS_FULL.set(true);
        assertTrue(assertThrows(ConfigStoreException.class, () -> store.put(Map.of("k", "lost", "l", "lost")))
                .getMessage()
                .startsWith("cannot write"));
        assertThrows(ConfigStoreException.class, () -> store.acquire("lease", "me", Duration.ofSeconds(5)));
        assertEquals(Optional.of("before"), store.get("k"));

        IS_FULL.set(false);
        var told = new LinkedBlockingQueue<String>();
        var watch = store.watch("", (key, value) -> told.add(key + "=" + value));
        store.put(Map.of("k", "after"));
        assertEquals(Map.of("k", "after"), store.list(""));
        assertEquals("k=after", told.poll(5, TimeUnit.SECONDS));
        watch.close();
        assertTrue(store.acquire("lease", "me", Duration.ofSeconds(5)).isPresent());
        store.stop();

        var again = opened();
        assertEquals(Map.of("k", "after"), again.list(""));
        again.stop();
    }

    private EmbeddedConfigStore opened() throws ConfigStoreException {
        var store = new EmbeddedConfigStore(new StoreFile("full:" + folder.resolve("config.mv")), System::nanoTime);
        store.start();
        return store;
    }

    /** A file system that can be told to have no space. The library makes more of it by reflection. */
    public static final class FullDisk extends FilePathWrapper {

        /** For the library. */
        public FullDisk() {
            // nothing to set up
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            return new FullFile(getBase().open(mode));
        }

        @Override
        public String getScheme() {
            return "full";
        }
    }

    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // of no use to one writer
    private static final class FullFile extends FileBaseDefault {

        private final FileChannel file;

        FullFile(FileChannel file) {
            this.file = file;
        }

        private static void check() throws IOException {
            if (IS_FULL.get()) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            check();
            return file.write(source, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            check();
            file.force(metaData);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public java.nio.channels.FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }
    }
}
