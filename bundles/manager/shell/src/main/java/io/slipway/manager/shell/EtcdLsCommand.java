package io.slipway.manager.shell;

import io.slipway.config.api.SharedConfig;
import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Lists keys of the shared configuration. */
@Service
@Command(scope = "slipway", name = "etcd-ls", description = "Lists keys of the shared configuration by prefix")
public final class EtcdLsCommand extends OperatorAction {

    @Argument(name = "prefix", description = "What the keys begin with", valueToShowInHelp = "all", multiValued = true)
    @Completion(ConfigKeyCompleter.class)
    List<String> prefix = List.of();

    @Reference
    SharedConfig config;

    @Override
    protected void run(Printer printer) {
        var wanted = prefix.isEmpty() ? "" : only(prefix);
        var rows = config.list(wanted).entrySet().stream()
                .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                .toList();
        printer.rows(List.of("key", "value"), rows, "No key begins with '" + wanted + "'");
    }
}
