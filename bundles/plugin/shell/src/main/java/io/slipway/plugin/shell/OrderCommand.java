package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapProgress;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;

/** A command that changes a plug-in: prints each step as it begins, and waits for the end. */
abstract class OrderCommand extends PluginCommand {

    private static final long LIMIT_MINUTES = 15;

    @Reference
    PluginAdministration plugins;

    interface Order {
        CompletableFuture<List<SwapOutcome>> give(Consumer<SwapProgress> listener);
    }

    @Option(
            name = "--set",
            description = "A setting of the new version alone, as PID.NAME=VALUE; again for more",
            multiValued = true)
    List<String> set = List.of();

    /** Installs or swaps what was fetched with the settings, as one. */
    void install(FetchedPlugins fetched, Printer printer) throws IOException, CommandFailure {
        var refusal = fetched.refusal();
        if (refusal.isPresent()) {
            throw new CommandFailure(refusal.get());
        }
        var transaction = fetched.transaction(settings(set));
        carryOut(listener -> plugins.apply(transaction, listener), printer);
    }

    void carryOut(Order order, Printer printer) throws CommandFailure {
        var outcomes = await(order.give(progress -> printer.progress(progress.id() + " " + progress.version() + ": "
                + progress.step().name().toLowerCase(Locale.ROOT))));
        var good = outcomes.stream()
                .filter(SwapOutcome.Swapped.class::isInstance)
                .map(Words::of)
                .toList();
        var bad = outcomes.stream()
                .filter(outcome -> !(outcome instanceof SwapOutcome.Swapped))
                .map(Words::of)
                .toList();
        var details = Map.of("outcomes", outcomes.stream().map(Words::map).toList());
        if (bad.isEmpty() || !printer.isJson()) {
            printer.lines(details, good);
        }
        if (!bad.isEmpty()) {
            throw new CommandFailure(String.join("\n", bad), details);
        }
    }

    private static List<SwapOutcome> await(CompletableFuture<List<SwapOutcome>> order) throws CommandFailure {
        try {
            return order.get(LIMIT_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("It goes on without you; slipway:plugin-history tells how it ends", e);
        } catch (TimeoutException e) {
            throw new CommandFailure("It still runs after " + LIMIT_MINUTES + " minutes", e);
        } catch (ExecutionException e) {
            throw new CommandFailure("It broke off: " + e.getCause(), e);
        }
    }
}
