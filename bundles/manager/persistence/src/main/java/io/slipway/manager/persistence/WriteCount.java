package io.slipway.manager.persistence;

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is written to one database, so that a reader can see that nothing was since it looked last. Thread-safe. It
 * knows that only of a database that nobody but this process can open: an H2 file, which H2 locks, or one in memory.
 */
final class WriteCount {

    /** What {@link #calm} returns while something is being written, and always where others may write. */
    static final long NEVER = -1;

    // by database file: whoever opens a file a second time in this process counts with the first one
    private static final ConcurrentMap<String, WriteCount> OF_FILES = new ConcurrentHashMap<>();

    private final boolean isComplete;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    private WriteCount(boolean isComplete) {
        this.isComplete = isComplete;
    }

    /** Returns the count for the database at an address. */
    static WriteCount of(String url) {
        var file = fileOfOurOwn(url);
        return file == null ? new WriteCount(false) : OF_FILES.computeIfAbsent(file, ignored -> new WriteCount(true));
    }

    /** Returns the file of a database that no other process can have open; null if it may be another's, too. */
    static @Nullable String fileOfOurOwn(String url) {
        var parts = url.split(";", -1);
        if (!parts[0].startsWith("jdbc:h2:file:") && !parts[0].startsWith("jdbc:h2:mem:")) {
            return null;
        }
        for (var part : parts) {
            var setting = part.toUpperCase(Locale.ROOT);
            if (setting.startsWith("AUTO_SERVER=") || setting.startsWith("FILE_LOCK=")) {
                return null;
            }
        }
        return parts[0];
    }

    /** Returns whether nobody can write without being counted. */
    boolean isComplete() {
        return isComplete;
    }

    /** Returns how many transactions that change something have begun. */
    long begun() {
        return begun.get();
    }

    /**
     * Runs a transaction that changes something; counted before it begins, and when it is committed or given up.
     *
     * @param number told what {@link #begun} returned when this was the last to begin
     */
    <T> T during(LongConsumer number, Supplier<T> transaction) {
        var own = begun.incrementAndGet();
        try {
            number.accept(own);
            return transaction.get();
        } finally {
            ended.incrementAndGet();
        }
    }

    /**
     * Returns a number that stands for what is committed at this moment: if it is the same at a later call, nothing was
     * written between the two. {@link #NEVER} if that is not known.
     */
    long calm() {
        // in this order: if as many had ended before as had begun after, none was under way in between
        var past = ended.get();
        return isComplete && begun.get() == past ? past : NEVER;
    }
}
