package io.slipway.manager.gateway;

import io.slipway.manager.api.TaskRunner;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Changes plug-ins as a background task. */
final class PluginTask implements TaskRunner {

    static final String KIND = "plugin-change";
    static final String SOURCE = "source";
    static final String UPLOAD = "upload";
    static final String ID = "id";
    static final String VERSION = "version";
    static final String FROM = "from";
    /** Begins the names of settings. */
    static final String SET = "set ";

    private static final long LIMIT_MINUTES = 30;
    private static final long LOOK_MILLIS = 500;

    private final PluginSources sources;
    private final PluginAdministration plugins;
    private final PluginUploads uploads;

    PluginTask(PluginSources sources, PluginAdministration plugins, PluginUploads uploads) {
        this.sources = sources;
        this.plugins = plugins;
        this.uploads = uploads;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String run(Map<String, String> arguments, Progress progress) {
        var id = Optional.ofNullable(arguments.get(ID)).map(PluginId::new);
        var version = arguments.get(VERSION);
        var from = arguments.get(FROM);
        if (version != null) {
            return await(
                    listener ->
                            plugins.select(id.orElseThrow(), version, listener).thenApply(List::of),
                    progress);
        }
        return from != null ? rollback(id.orElseThrow(), from, progress) : install(id, arguments, progress);
    }

    /** A second run, after a crash, must not go forth again. */
    private String rollback(PluginId id, String from, Progress progress) {
        var isThere = plugins.explain(id)
                .status()
                .filter(status -> status.version().equals(from))
                .isPresent();
        return isThere
                ? await(listener -> plugins.rollback(id, listener).thenApply(List::of), progress)
                : id + " " + from + " is not in use any more";
    }

    private String install(Optional<PluginId> id, Map<String, String> arguments, Progress progress) {
        var upload = arguments.get(UPLOAD);
        progress.tell(0, 0, upload == null ? "fetch " + arguments.get(SOURCE) : "look at the upload");
        try (var fetched = upload == null ? sources.fetch(arguments.getOrDefault(SOURCE, ""), id) : open(upload, id)) {
            var refusal = fetched.refusal();
            if (refusal.isPresent()) {
                throw new SlipwayException(FailureCode.FORBIDDEN, refusal.get());
            }
            var transaction = fetched.transaction(settings(arguments));
            var result = await(listener -> plugins.apply(transaction, listener), progress);
            if (upload != null) {
                uploads.delete(upload);
            }
            return result;
        } catch (IOException e) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> settings(Map<String, String> arguments) {
        return arguments.entrySet().stream()
                .filter(each -> each.getKey().startsWith(SET))
                .collect(Collectors.toMap(each -> each.getKey().substring(SET.length()), Map.Entry::getValue));
    }

    private FetchedPlugins open(String upload, Optional<PluginId> id) throws IOException {
        var file = uploads.file(upload);
        if (Files.notExists(file)) {
            throw new IOException("the upload is gone; send it again");
        }
        return sources.open(file, id, "uploaded");
    }

    interface Order {
        CompletableFuture<List<SwapOutcome>> give(Consumer<SwapProgress> listener);
    }

    private static String await(Order order, Progress progress) {
        var steps = List.of(SwapStep.values());
        var running = order.give(step -> progress.tell(
                steps.indexOf(step.step()),
                steps.size(),
                step.id() + " " + step.version() + ": " + step.step().name().toLowerCase(Locale.ROOT)));
        var end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        while (System.nanoTime() - end < 0) {
            try {
                return told(running.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                if (progress.isStopping()) {
                    throw new SlipwayException(FailureCode.UNAVAILABLE, "The manager stops");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SlipwayException(FailureCode.UNAVAILABLE, "The manager stops");
            } catch (ExecutionException e) {
                throw new SlipwayException(FailureCode.INTERNAL, "The change broke off: " + e.getCause());
            }
        }
        throw new SlipwayException(FailureCode.UNAVAILABLE, "It has not ended within " + LIMIT_MINUTES + " minutes");
    }

    private static String told(List<SwapOutcome> outcomes) {
        var words = outcomes.stream().map(PluginTask::words).collect(Collectors.joining("; "));
        if (outcomes.stream().allMatch(SwapOutcome.Swapped.class::isInstance)) {
            return words;
        }
        throw new SlipwayException(FailureCode.BAD_REQUEST, words);
    }

    private static String words(SwapOutcome outcome) {
        return switch (outcome) {
            case SwapOutcome.Swapped swapped ->
                swapped.id() + " " + swapped.newVersion() + " serves after "
                        + swapped.took().toMillis() + " ms"
                        + (swapped.remark().isEmpty() ? "" : ", " + swapped.remark());
            case SwapOutcome.Refused refused ->
                refused.id() + " is refused at " + refused.step().name().toLowerCase(Locale.ROOT) + ": "
                        + refused.reason();
            case SwapOutcome.RolledBack back ->
                back.id() + " " + back.newVersion() + " was taken back, " + back.oldVersion() + " serves again: "
                        + back.reason() + "; it cost " + back.costs().failed() + " calls "
                        + back.costs().named();
        };
    }
}
