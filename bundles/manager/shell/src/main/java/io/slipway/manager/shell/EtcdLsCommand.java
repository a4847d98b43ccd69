package io.slipway.manager.shell;

import io.slipway.config.api.SharedConfig;
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
public final class EtcdLsCommand extends OperatorCommand {

    @Argument(name = "prefix", description = "What the keys begin with; all by default")
    @Completion(ConfigKeyCompleter.class)
    String prefix = "";

    @Reference
    SharedConfig config;

    @Override
    void run(Printer printer) {
        var rows = config.list(prefix).entrySet().stream()
                .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                .toList();
        printer.rows(List.of("key", "value"), rows, "No key begins with '" + prefix + "'");
    }
}
