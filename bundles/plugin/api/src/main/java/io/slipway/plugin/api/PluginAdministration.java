package io.slipway.plugin.api;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes plug-ins while the system runs. Thread-safe; one change of a plug-in at a time, a second one is refused. The
 * returned futures never fail because of a plug-in: a {@link SwapOutcome.Refused} says what was wrong. Listeners are called
 * by the thread that swaps and must be quick.
 */
@ProviderType
public interface PluginAdministration {

    /** Tells what {@link #swap} would do. */
    SwapPlan plan(PluginArtifact artifact);

    /** Tells what {@link #apply} would do: for each artifact, in order. An objection to one is one to all. */
    default List<SwapPlan> plan(PluginTransaction transaction) {
        return transaction.artifacts().stream().map(this::plan).toList();
    }

    /**
     * Installs a plug-in, or swaps it for another version of it. The caller has verified the jar.
     *
     * @param listener hears of each step as it begins
     */
    CompletableFuture<SwapOutcome> swap(PluginArtifact artifact, Consumer<SwapProgress> listener);

    /**
     * Goes to a version that is on disk, up or down.
     *
     * @param version a bundle version, one of {@link #versions}
     * @param listener hears of each step as it begins
     */
    CompletableFuture<SwapOutcome> select(PluginId id, String version, Consumer<SwapProgress> listener);

    /**
     * Changes several plug-ins and settings as one: either all of them, or none. Each artifact's caller has verified its
     * jar. A crash in between boots into all old or all new versions and settings.
     *
     * @param listener hears of each step of each plug-in as it begins
     * @return an outcome for each artifact, in order; either all are {@link SwapOutcome.Swapped} or none is
     */
    CompletableFuture<List<SwapOutcome>> apply(PluginTransaction transaction, Consumer<SwapProgress> listener);

    /**
     * Goes back to the version that was selected before the present one. If the present one is still on probation, that
     * ends it at once.
     *
     * @param listener hears of each step as it begins
     */
    CompletableFuture<SwapOutcome> rollback(PluginId id, Consumer<SwapProgress> listener);

    /**
     * Returns the versions of a plug-in that are on disk, lowest first.
     *
     * @throws IOException if the folder cannot be read
     */
    List<String> versions(PluginId id) throws IOException;

    /** Tells how a plug-in stands and how it got there; also of a plug-in that is not installed. */
    PluginExplanation explain(PluginId id);

    /**
     * Returns every line of the journal that can be read, oldest first.
     *
     * @throws IOException if the journal cannot be read
     */
    List<SwapRecord> history() throws IOException;
}
