package io.slipway.config.embedded;

import io.slipway.config.spi.ConfigStoreException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Pairs and tokens in one file, changed by whole commits that are on disk when a call returns. After a failure (a full
 * disk) the library gives its handle up for good, so the file is opened anew by the next call. Not thread-safe.
 */
final class StoreFile {

    private static final int MAKE_ROOM_MILLIS = 1_000;
    /** So long nothing is written where replaced values are. The library's own default. */
    private static final int RETENTION_MILLIS = 45_000;

    private final String name;
    private @Nullable MVStore handle;

    /** For a name in a file system of H2; see {@link #in}. */
    StoreFile(String name) {
        this.name = name;
    }

    /** Returns the file of a folder, which is made if need be. Shared configuration has secrets: only the owner may read. */
    static StoreFile in(Path folder) throws IOException {
        Files.createDirectories(folder);
        var file = folder.resolve("config.mv");
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
            } catch (FileAlreadyExistsException e) {
                Files.setPosixFilePermissions(file, ownerOnly);
            }
        }
        return new StoreFile(file.toString());
    }

    /** Returns a copy of all pairs. */
    SortedMap<String, String> pairs() throws ConfigStoreException {
        return call("read", store -> new TreeMap<>(pairs(store)));
    }

    void put(Map<String, String> more) throws ConfigStoreException {
        call("write", store -> {
            pairs(store).putAll(more);
            return commit(store);
        });
    }

    void remove(Collection<String> keys) throws ConfigStoreException {
        call("write", store -> {
            keys.forEach(pairs(store)::remove);
            return commit(store);
        });
    }

    /** Returns a number greater than any before it under this name. */
    long nextToken(String of) throws ConfigStoreException {
        return call("write", store -> {
            MVMap<String, Long> tokens = store.openMap("tokens");
            var token = tokens.getOrDefault(of, 0L) + 1;
            tokens.put(of, token);
            commit(store);
            return token;
        });
    }

    void close() {
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }

    private static MVMap<String, String> pairs(MVStore store) {
        return store.openMap("values");
    }

    private static long commit(MVStore store) {
        var version = store.commit();
        store.sync();
        return version;
    }

    private interface Step<T> {
        T on(MVStore store);
    }

    private <T> T call(String what, Step<T> step) throws ConfigStoreException {
        try {
            return step.on(open());
        } catch (MVStoreException e) {
            if (handle != null) {
                handle.closeImmediately(); // without what was not committed
                handle = null;
            }
            throw new ConfigStoreException("cannot " + what + " " + name + ": " + e.getMessage(), e);
        }
    }

    private MVStore open() {
        if (handle == null) {
            handle = new MVStore.Builder().fileName(name).autoCommitDisabled().open();
            handle.compactFile(MAKE_ROOM_MILLIS);
            handle.setRetentionTime(RETENTION_MILLIS); // the call before leaves it at 0: room would be reused at once
        }
        return handle;
    }
}
