package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Gives every kernel of a root-run server a user id of its own. Claims are files in one folder for all installations of the
 * machine, so that two of them never use the same. Thread-safe.
 */
final class UserIds {

    private static final Duration STALE_AFTER = Duration.ofMinutes(10);
    private static final int MOST_TRIES = 1_000;

    private final Path claims;
    private final int first;
    private final int count;
    private final RandomGenerator random;
    private final InstantSource clock;

    UserIds(ProcessSettings.UidRange range, RandomGenerator random, InstantSource clock) {
        var first = range.first();
        var count = range.count();
        if (first < 1_000 || count < 1 || first > Integer.MAX_VALUE - count) {
            throw new IllegalArgumentException("firstUid=" + first + ", uidCount=" + count + ": no range of user ids");
        }
        this.claims = range.claims();
        this.first = first;
        this.count = count;
        this.random = random;
        this.clock = clock;
    }

    /** Claims an id that no kernel of this machine has. By chance, so that an id comes back as late as possible. */
    int claim(KernelFolder owner) throws IOException {
        OwnFiles.createFolders(claims, "rwx------");
        for (var i = 0; i < MOST_TRIES; i++) {
            var uid = first + random.nextInt(count);
            try {
                OwnFiles.write(file(uid), owner.path().toString(), OwnFiles.PRIVATE);
                return uid;
            } catch (FileAlreadyExistsException e) {
                releaseIfStale(uid);
            }
        }
        throw new IOException("no user id of " + first + " to " + (first + count - 1)
                + " is free; raise uidCount in etc/io.slipway.runtime.process.cfg");
    }

    void release(int uid) throws IOException {
        Files.deleteIfExists(file(uid));
    }

    /** A claim whose kernel never came to be, because the server was killed in between. */
    private void releaseIfStale(int uid) throws IOException {
        var claim = file(uid);
        try {
            var owner = OwnFiles.read(claim, 4096).orElse("");
            var age = Duration.between(Files.getLastModifiedTime(claim).toInstant(), clock.instant());
            if (age.compareTo(STALE_AFTER) > 0 && (owner.isEmpty() || !isThere(Path.of(owner)))) {
                Files.deleteIfExists(claim);
            }
        } catch (NoSuchFileException e) {
            // released in this moment
            return;
        }
    }

    /** A kernel that could not be removed has programs with its id still, under another name of its folder. */
    private static boolean isThere(Path owner) {
        return Files.exists(owner)
                || Files.exists(owner.resolveSibling(KernelBuilder.REMOVED + owner.getFileName()))
                || Files.exists(owner.resolveSibling(KernelBuilder.NEW + owner.getFileName()));
    }

    private Path file(int uid) {
        return claims.resolve(Integer.toString(uid));
    }
}
