package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.PluginStatus.VersionStatus;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/** Finds out how a plug-in stands, and why. */
final class PluginStatuses {

    private final ProviderTracker tracker;
    private final Function<Bundle, ComponentReasons.Reason> reasons;
    private final VersionBook book;

    PluginStatuses(ProviderTracker tracker, Function<Bundle, ComponentReasons.Reason> reasons, VersionBook book) {
        this.tracker = tracker;
        this.reasons = reasons;
        this.book = book;
    }

    PluginStatus of(InstalledPlugin plugin) {
        var bundle = plugin.bundle();
        if (bundle == null) {
            return status(plugin, new ProviderTracker.Provided(List.of(), 0, false), State.FAILED, plugin.failure());
        }
        var provided = tracker.providersOf(bundle);
        var lack = reasons.apply(bundle);
        if (!provided.spis().isEmpty()) {
            var probation = book.probation(plugin.id());
            return probation.isEmpty()
                    ? status(plugin, provided, State.ACTIVE, lack.words())
                    : status(plugin, provided, State.PROBATION, words(probation.get()));
        }
        if (provided.isDraining()) {
            return status(
                    plugin,
                    provided,
                    State.DRAINING,
                    "draining with " + provided.leases() + " leases of at least "
                            + tracker.drainingFor(bundle).toSeconds() + " s");
        }
        if (bundle.getState() != Bundle.ACTIVE) {
            var why = plugin.failure().isEmpty() ? "its bundle was stopped from outside" : plugin.failure();
            return status(plugin, provided, State.FAILED, why);
        }
        if (!tracker.faultOf(bundle).isEmpty()) {
            return status(plugin, provided, State.FAILED, tracker.faultOf(bundle));
        }
        if (lack.isFailure()) {
            return status(plugin, provided, State.FAILED, lack.words());
        }
        return status(
                plugin,
                provided,
                State.WAITING,
                lack.words().isEmpty()
                        ? "it has registered no provider with the property slipway.plugin.id"
                        : lack.words());
    }

    /** Returns the plug-ins that were turned away at their first install, or taken back: nothing of them is installed. */
    Stream<PluginStatus> turnedAway(Collection<PluginId> installed) {
        return book.ids().stream().filter(id -> !installed.contains(id)).flatMap(id -> {
            var versions = book.others(id, tracker);
            return versions.stream().limit(1).map(last -> turnedAway(id, last, versions));
        });
    }

    private static PluginStatus turnedAway(PluginId id, VersionStatus last, List<VersionStatus> versions) {
        return new PluginStatus(
                id,
                last.version(),
                List.of(),
                last.state(),
                last.reason(),
                last.leases(),
                versions.subList(1, versions.size()));
    }

    private static String words(Probation probation) {
        var costs = probation.costs();
        return probation.calls() + " calls, " + costs.failed() + " failed, " + costs.retried()
                + " served by the version before";
    }

    private PluginStatus status(InstalledPlugin plugin, ProviderTracker.Provided provided, State state, String why) {
        return new PluginStatus(
                plugin.id(),
                plugin.version().toString(),
                provided.spis(),
                state,
                why,
                provided.leases(),
                book.others(plugin.id(), tracker));
    }
}
