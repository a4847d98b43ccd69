package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which supervisors put exit files, and who waits for one. One watch serves all kernels, also those that an
 * earlier process of the server started. Thread-safe.
 */
final class ExitBoard {

    private static final Logger LOG = LoggerFactory.getLogger(ExitBoard.class);
    /** A supervisor that was killed writes no exit file; nothing but a look tells. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY_UNWATCHED = Duration.ofMillis(100);
    private static final String LAST_LINE = "\nend\n";
    private static final int FILE_LIMIT = 4096;

    private final Path folder;
    private final ConcurrentMap<KernelId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private volatile @Nullable WatchService watch;

    ExitBoard(Path folder) {
        this.folder = folder;
    }

    void start() {
        try {
            var service = folder.getFileSystem().newWatchService();
            folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            watch = service;
            Thread.ofVirtual().name("slipway-process-exits").start(() -> watch(service));
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be watched, so ends of kernels are looked for every {}: {}",
                    folder,
                    LOOK_EVERY_UNWATCHED,
                    e.toString());
        }
    }

    void stop() throws IOException {
        var service = watch;
        watch = null;
        if (service != null) {
            service.close();
        }
        wakeAll();
    }

    Path file(KernelId kernel) {
        return folder.resolve(kernel.toString());
    }

    /** Returns what the supervisor wrote at the end; empty if the end was not yet. */
    Optional<String> read(KernelId kernel) throws IOException {
        return OwnFiles.read(file(kernel), FILE_LIMIT).filter(text -> text.endsWith(LAST_LINE));
    }

    /** Forgets the end of a kernel, because the kernel is gone or made anew. */
    void forget(KernelId kernel) throws IOException {
        Files.deleteIfExists(file(kernel));
        wake(kernel);
    }

    /** Returns what is done when something happened to a kernel. Ask before the look, or the end in between is missed. */
    CompletableFuture<Void> next(KernelId kernel) {
        return waiting.computeIfAbsent(kernel, ignored -> new CompletableFuture<>());
    }

    /** Returns how long to rely on {@link #next} before looking again. */
    Duration lookAgainAfter() {
        return watch == null ? LOOK_EVERY_UNWATCHED : LOOK_EVERY;
    }

    void wake(KernelId kernel) {
        var future = waiting.remove(kernel);
        if (future != null) {
            future.complete(null);
        }
    }

    private void wakeAll() {
        waiting.keySet().forEach(this::wake);
    }

    private void watch(WatchService service) {
        try {
            while (true) {
                var key = service.take();
                for (var event : key.pollEvents()) {
                    if (event.context() instanceof Path name) {
                        wake(name);
                    } else {
                        // too many at once to be told one by one
                        wakeAll();
                    }
                }
                if (!key.reset() && watch != null) {
                    LOG.error("{} is gone; ends of kernels are looked for", folder);
                    watch = null;
                    return;
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.debug("no more watching of {}", folder, e);
        }
    }

    private void wake(Path name) {
        try {
            wake(KernelId.parse(name.toString()));
        } catch (IllegalArgumentException e) {
            LOG.debug("{} in {} is no exit file", name, folder, e);
        }
    }
}
