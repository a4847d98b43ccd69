package io.slipway.manager.shell;

import io.slipway.config.api.SharedConfig;
import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.model.failure.SlipwayException;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Shows the value of one key of the shared configuration. */
@Service
@Command(scope = "slipway", name = "etcd-get", description = "Shows the value of one key of the shared configuration")
public final class EtcdGetCommand extends OperatorAction {

    @Argument(name = "key", description = "The key", multiValued = true)
    @Completion(ConfigKeyCompleter.class)
    List<String> key;

    @Reference
    SharedConfig config;

    @Override
    protected void run(Printer printer) {
        var value = config.get(only(key))
                .orElseThrow(() -> SlipwayException.notFound(
                        "key", "there is no key '" + only(key) + "'; slipway:etcd-ls lists those that begin alike"));
        printer.lines(Map.of(only(key), value), List.of(value));
    }
}
