package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.SwapPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Tells what a swap would do. It asks the framework, and leaves nothing in it. */
final class Planner {

    private final SwapParts parts;

    Planner(SwapParts parts) {
        this.parts = parts;
    }

    SwapPlan plan(PluginArtifact artifact, List<String> knownObjections) {
        var old = parts.running().find(artifact.id());
        var before = old.map(InstalledPlugin::bundle).orElse(null);
        var objections = new ArrayList<>(knownObjections);
        var refreshed =
                new TreeSet<>(before == null ? List.of() : parts.bundles().refreshedWith(before));
        var newVersion = "";
        var installed = List.<String>of();
        try {
            var candidate = CandidateJar.read(artifact.id(), artifact.jar());
            newVersion = candidate.jar().version().toString();
            var objection =
                    SwapCheck.compare(old, candidate).or(() -> parts.bundles().objection(candidate.jar()));
            objection.ifPresent(objections::add);
            if (objection.isEmpty()) {
                var found = parts.bundles().dryRun(candidate.jar());
                refreshed.addAll(found.refreshed());
                objections.addAll(found.objections());
                installed = List.of(candidate.symbolicName() + " " + newVersion);
            }
        } catch (SwapRefusedException e) {
            objections.add(String.valueOf(e.getMessage()));
        }
        SwapCheck.refresh(List.copyOf(refreshed)).ifPresent(objections::add);
        return new SwapPlan(
                artifact.id(),
                old.map(plugin -> plugin.version().toString()).orElse(""),
                newVersion,
                List.copyOf(refreshed),
                before == null ? 0 : parts.tracker().providersOf(before).leases(),
                inFlight(before),
                installed,
                stateMoved(before),
                objections);
    }

    private List<String> inFlight(@Nullable Bundle bundle) {
        return parts.tracker().registeredBy(bundle).stream()
                .flatMap(each -> each.provider().face().meter().methods().stream())
                .filter(method -> method.inFlight() > 0)
                .map(method -> method.name() + ": " + method.inFlight())
                .sorted()
                .toList();
    }

    private List<String> stateMoved(@Nullable Bundle bundle) {
        return parts.tracker().registeredBy(bundle).stream()
                .map(each -> each.provider().service())
                .flatMap(service -> service instanceof Promotable promotable
                        ? promotable.stateToMove().stream()
                        : Optional.<String>empty().stream())
                .toList();
    }
}
