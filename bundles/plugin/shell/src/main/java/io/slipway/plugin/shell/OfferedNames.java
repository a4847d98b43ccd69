package io.slipway.plugin.shell;

import io.slipway.plugin.api.PluginSources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names that the site's repositories offer. A repository may be far away, and a key press waits only a moment: what comes
 * later is there at the next one. Thread-safe.
 */
final class OfferedNames {

    private static final Logger LOG = LoggerFactory.getLogger(OfferedNames.class);
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Duration moment;
    private @Nullable CompletableFuture<List<String>> asked; // guarded by this
    private long askedAt; // guarded by this

    OfferedNames(Duration moment) {
        this.moment = moment;
    }

    List<String> of(PluginSources sources) {
        try {
            return answer(sources).get(moment.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("No offers to complete", e);
        }
        return List.of();
    }

    private synchronized CompletableFuture<List<String>> answer(PluginSources sources) {
        var now = System.nanoTime();
        var known = asked;
        if (known == null || now - askedAt > FRESH.toNanos()) {
            known = new CompletableFuture<>();
            asked = known;
            askedAt = now;
            var answer = known;
            Thread.ofVirtual().name("slipway-plugin-offers").start(() -> answer.complete(ask(sources)));
        }
        return known;
    }

    private static List<String> ask(PluginSources sources) {
        try {
            return sources.offers().stream()
                    .flatMap(offer -> Stream.of(offer.id().value(), offer.id() + "@" + offer.version()))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            LOG.debug("The plug-in repositories cannot be read", e);
            return List.of();
        }
    }
}
