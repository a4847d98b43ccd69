package io.slipway.manager.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.manager.store.TaskRecord;
import io.slipway.plugin.api.FetchedPlugins.Fetched;
import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginContents;
import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.SwapPlan;
import io.slipway.plugin.api.SwapRecord;
import java.util.List;
import java.util.Map;

/** Plug-ins as clients see them. */
final class PluginAnswers {

    private PluginAnswers() {}

    record Listed(
            List<Standing> plugins,
            @JsonProperty("development_mode") boolean isDevelopment) {}

    record Standing(
            String id,
            String version,
            String state,
            String reason,
            List<String> provides,
            long leases,
            List<Other> others) {}

    record Other(
            String version,
            String state,
            String reason,
            long leases,
            @JsonProperty("age_seconds") long ageSeconds) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Told(
            String id,
            @org.jspecify.annotations.Nullable Standing status,
            List<String> versions,
            List<Calls> calls,
            @org.jspecify.annotations.Nullable List<String> sentences,
            @org.jspecify.annotations.Nullable List<Line> history,
            @JsonProperty("development_mode") boolean isDevelopment) {}

    record Calls(
            String version,
            String method,
            long calls,
            long failed,
            @JsonProperty("p50_ms") double p50Millis,
            @JsonProperty("p99_ms") double p99Millis,
            @JsonProperty("in_flight") long inFlight) {}

    record Line(String at, String id, String version, String step, String words) {}

    record History(
            List<Line> history,
            @JsonProperty("development_mode") boolean isDevelopment) {}

    record Offers(
            List<Offer> offers,
            @JsonProperty("development_mode") boolean isDevelopment) {}

    record Offer(
            String id,
            String version,
            String repository,
            String file,
            String sha256,
            String signer,
            String sbom,
            @JsonProperty("sbom_sha256") String sbomSha256) {}

    /**
     * What is inside a version.
     *
     * @param origin which list of which repository says so
     */
    record Contents(
            String id,
            String version,
            @JsonProperty("contents_by") String origin,
            List<PluginContents.Part> contents,
            @JsonProperty("development_mode") boolean isDevelopment) {}

    record Plans(
            List<Plan> plans,
            Map<String, String> settings,
            @JsonProperty("development_mode") boolean isDevelopment) {}

    record Plan(
            String id,
            @JsonProperty("old_version") String oldVersion,
            @JsonProperty("new_version") String newVersion,
            List<String> installed,
            List<String> refreshed,
            @JsonProperty("calls_in_flight") long callsInFlight,
            @JsonProperty("in_flight") List<String> inFlight,
            @JsonProperty("state_moved") List<String> stateMoved,
            String finding,
            String signer,
            String sha256,
            List<String> objections) {}

    /** A change has been ordered; {@code GET /events/background-task} tells how it goes. */
    record Ordered(
            @JsonProperty("task_id") String taskId,
            @JsonProperty("development_mode") boolean isDevelopment) {

        static Ordered of(TaskRecord task, boolean isDevelopment) {
            return new Ordered(task.id().toString(), isDevelopment);
        }
    }

    static Standing of(PluginStatus status) {
        return new Standing(
                status.id().value(),
                status.version(),
                status.state().name(),
                status.reason(),
                status.spis(),
                status.leases(),
                status.others().stream()
                        .map(other -> new Other(
                                other.version(),
                                other.state().name(),
                                other.reason(),
                                other.leases(),
                                other.age().toSeconds()))
                        .toList());
    }

    /**
     * Tells of one plug-in.
     *
     * @param isStory whether sentences and history are part of it
     */
    static Told of(PluginExplanation told, boolean isStory, boolean isDevelopment) {
        return new Told(
                told.id().value(),
                told.status().map(PluginAnswers::of).orElse(null),
                told.versions(),
                told.calls().stream().map(PluginAnswers::of).toList(),
                isStory ? told.sentences() : null,
                isStory ? told.history().stream().map(PluginAnswers::of).toList() : null,
                isDevelopment);
    }

    private static Calls of(PluginExplanation.Calls calls) {
        return new Calls(
                calls.version(),
                calls.method(),
                calls.calls(),
                calls.failed(),
                calls.median().toNanos() / 1e6,
                calls.p99().toNanos() / 1e6,
                calls.inFlight());
    }

    static Line of(SwapRecord line) {
        return new Line(line.at().toString(), line.id().value(), line.version(), line.step(), line.words());
    }

    static Offer of(OfferedPlugin offer) {
        return new Offer(
                offer.id().value(),
                offer.version(),
                offer.repository(),
                offer.file(),
                offer.sha256(),
                offer.signer(),
                offer.sbom(),
                offer.sbomSha256());
    }

    static Plan of(SwapPlan plan, Fetched plugin) {
        var verdict = plugin.verdict();
        return new Plan(
                plan.id().value(),
                plan.oldVersion(),
                plan.newVersion(),
                plan.installed(),
                plan.refreshed(),
                plan.callsInFlight(),
                plan.inFlight(),
                plan.stateMoved(),
                verdict.finding().name(),
                verdict.signer(),
                verdict.digest(),
                plugin.objections(plan));
    }
}
