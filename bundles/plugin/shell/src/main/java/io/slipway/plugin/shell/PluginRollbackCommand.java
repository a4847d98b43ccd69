package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import java.io.IOException;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Goes back to an earlier version of a plug-in. */
@Service
@Command(scope = "slipway", name = "plugin-rollback", description = "Goes back to an earlier version of a plug-in")
public final class PluginRollbackCommand extends OrderCommand {

    @Argument(name = "id", description = "The plug-in", multiValued = true)
    @Completion(PluginIdCompleter.class)
    List<String> id;

    @Option(name = "--version", description = "Which version on disk; the one before by default")
    @Completion(PluginVersionCompleter.class)
    @Nullable
    String version;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        if (!set.isEmpty()) {
            throw new CommandFailure("an earlier version comes back with its own settings: leave --set out");
        }
        var plugin = id(only(id));
        var wanted = version;
        carryOut(
                listener -> (wanted == null
                                ? plugins.rollback(plugin, listener)
                                : plugins.select(plugin, wanted, listener))
                        .thenApply(List::of),
                printer);
    }
}
