package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** How the changes of plug-ins have ended since the start of the server. Thread-safe. */
final class SwapCounts {

    private final ConcurrentMap<Key, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * What is counted apart.
     *
     * @param end how it ended, in a word
     */
    record Key(PluginId id, String end) {}

    void count(SwapOutcome outcome) {
        counts.computeIfAbsent(new Key(outcome.id(), end(outcome)), any -> new LongAdder())
                .increment();
    }

    private static String end(SwapOutcome outcome) {
        return switch (outcome) {
            case SwapOutcome.Swapped swapped -> "swapped";
            case SwapOutcome.Refused refused -> "refused";
            case SwapOutcome.RolledBack back -> "rolled_back";
        };
    }

    /** Returns what has been counted; a live view. */
    Map<Key, LongAdder> all() {
        return counts;
    }
}
