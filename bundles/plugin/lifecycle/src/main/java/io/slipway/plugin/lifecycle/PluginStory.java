package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginExplanation.Calls;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.SwapRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/** Tells how a plug-in stands and how it got there. */
final class PluginStory {

    private static final int MOST_LINES = 50;

    private final SwapParts parts;

    PluginStory(SwapParts parts) {
        this.parts = parts;
    }

    PluginExplanation tell(PluginId id) {
        var status = parts.running()
                .find(id)
                .map(new PluginStatuses(parts.tracker(), parts.reasons()::of, parts.book())::of);
        var sentences = new ArrayList<String>();
        status.ifPresentOrElse(found -> tell(found, sentences), () -> sentences.add("It is not installed."));
        parts.book()
                .probation(id)
                .ifPresent(probation -> sentences.add("On probation: " + probation.calls() + " calls"
                        + String.join("; ", probation.costs().named()) + "."));
        var history = history(id, sentences);
        history.stream()
                .filter(line -> line.step().equals(SelectionJournal.SELECT))
                .reduce((one, next) -> next)
                .ifPresent(line -> sentences.add("The journal has selected version " + line.version() + " at "
                        + line.at() + ": a restart starts that one."));
        return new PluginExplanation(id, status, versions(id, sentences), sentences, calls(id), history);
    }

    private static void tell(PluginStatus status, List<String> sentences) {
        sentences.add("Version " + status.version() + " is " + words(status.state())
                + (status.reason().isEmpty() ? "." : ": " + status.reason() + "."));
        status.others()
                .forEach(other -> sentences.add("Version " + other.version() + " is " + words(other.state())
                        + (other.reason().isEmpty() ? "." : ": " + other.reason() + ".")));
    }

    private static String words(PluginStatus.State state) {
        return switch (state) {
            case ACTIVE -> "active";
            case WAITING -> "waiting";
            case FAILED -> "failed";
            case PROBATION -> "on probation";
            case STANDBY -> "standing by";
            case DRAINING -> "being given up";
            case REFUSED -> "refused";
            case ROLLED_BACK -> "rolled back";
        };
    }

    private List<SwapRecord> history(PluginId id, List<String> sentences) {
        try {
            var lines = parts.journal().records().stream()
                    .filter(line -> line.id().equals(id))
                    .toList();
            return lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
        } catch (IOException e) {
            sentences.add("The journal cannot be read: " + e + ".");
            return List.of();
        }
    }

    private List<String> versions(PluginId id, List<String> sentences) {
        try {
            return Optional.ofNullable(parts.folder().versions().get(id)).stream()
                    .flatMap(onDisk -> onDisk.keySet().stream())
                    .map(Version::toString)
                    .toList();
        } catch (IOException e) {
            sentences.add("The versions on disk cannot be read: " + e + ".");
            return List.of();
        }
    }

    /** Returns figures of every version that is loaded. */
    List<Calls> calls(PluginId id) {
        var serving = parts.running().find(id).map(InstalledPlugin::bundle).stream();
        var standingBy = Arrays.stream(parts.bundles().all())
                .filter(bundle -> bundle.getLocation().startsWith(PluginJar.SCHEME + id + "/"));
        return Stream.concat(serving, standingBy)
                .distinct()
                .flatMap(bundle -> parts.tracker().registeredBy(bundle).stream())
                .flatMap(each -> calls(each.provider()))
                .toList();
    }

    private static Stream<Calls> calls(VersionedProvider provider) {
        return provider.face().meter().methods().stream().map(method -> {
            var figures = method.figures();
            return new Calls(
                    provider.version(),
                    method.name(),
                    figures.calls(),
                    figures.failed(),
                    figures.quantile(0.5),
                    figures.quantile(0.99),
                    method.inFlight());
        });
    }
}
