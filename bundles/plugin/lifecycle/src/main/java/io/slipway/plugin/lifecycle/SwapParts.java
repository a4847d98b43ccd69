package io.slipway.plugin.lifecycle;

import java.util.function.Consumer;

/**
 * What swaps work with.
 *
 * @param reached hears of each named point, once what comes before it is on disk; tests break off here
 */
record SwapParts(
        PluginFolder folder,
        SelectionJournal journal,
        PluginBundles bundles,
        ProviderTracker tracker,
        ComponentReasons reasons,
        RunningPlugins running,
        VersionSettings settings,
        VersionBook book,
        SwapLimits limits,
        Consumer<String> reached) {

    SwapParts with(SwapLimits other) {
        return new SwapParts(
                folder,
                journal,
                bundles.within(other.stop()),
                tracker,
                reasons,
                running,
                settings,
                book,
                other,
                reached);
    }
}
