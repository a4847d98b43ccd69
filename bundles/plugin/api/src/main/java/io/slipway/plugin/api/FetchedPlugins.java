package io.slipway.plugin.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;

/** Plug-ins in private files, as far as the one who fetched them needs them. */
@ProviderType
public interface FetchedPlugins extends AutoCloseable {

    /** Returns each plug-in once. */
    List<Fetched> plugins();

    /** Returns the jars. */
    default List<PluginArtifact> artifacts() {
        return plugins().stream().map(Fetched::artifact).toList();
    }

    /**
     * Finds out of which of them settings are.
     *
     * @param values setting to value, such as {@code io.slipway.runtime.process.maxOpenFiles} to {@code 1024}
     * @return the same by plug-in and configuration PID
     * @throws IOException if none of them has such a PID, with those there are, or a file cannot be read
     */
    List<PluginTransaction.Settings> settings(Map<String, String> values) throws IOException;

    /** Returns all of them with settings, as one change. */
    default PluginTransaction transaction(Map<String, String> values) throws IOException {
        return new PluginTransaction(artifacts(), settings(values));
    }

    /** Returns why they may not be installed, in words; empty if they may. */
    default Optional<String> refusal() {
        return plugins().stream()
                .filter(plugin -> !plugin.verdict().isAccepted())
                .map(plugin -> plugin.artifact().id() + ": " + plugin.verdict().reason())
                .findFirst();
    }

    /** Deletes the files. */
    @Override
    void close();

    /**
     * One of them.
     *
     * @param artifact its jar
     * @param verdict what a look at it has found
     */
    record Fetched(PluginArtifact artifact, PluginVerdict verdict) {

        /** Returns what speaks against its plan, its verdict first, each objection once. */
        public List<String> objections(SwapPlan plan) {
            var verdicts = verdict.isAccepted() ? Stream.<String>empty() : Stream.of(verdict.reason());
            return Stream.concat(verdicts, plan.objections().stream())
                    .distinct()
                    .toList();
        }
    }
}
