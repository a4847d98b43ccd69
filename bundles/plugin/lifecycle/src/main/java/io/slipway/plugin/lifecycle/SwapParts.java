package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.SwapStep;
import java.util.function.Consumer;

/**
 * What swaps work with.
 *
 * @param reached hears of each step that is on disk, before its work; tests break off here
 */
record SwapParts(
        PluginFolder folder,
        SelectionJournal journal,
        PluginBundles bundles,
        ProviderTracker tracker,
        ComponentReasons reasons,
        RunningPlugins running,
        SwapLimits limits,
        Consumer<SwapStep> reached) {}
