package io.slipway.manager.shell;

import io.slipway.config.api.SharedConfig;
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
public final class EtcdGetCommand extends OperatorCommand {

    @Argument(name = "key", description = "The key", required = true)
    @Completion(ConfigKeyCompleter.class)
    String key;

    @Reference
    SharedConfig config;

    @Override
    void run(Printer printer) {
        var value = config.get(key)
                .orElseThrow(() -> SlipwayException.notFound(
                        "key", "there is no key '" + key + "'; slipway:etcd-ls lists those that begin alike"));
        printer.lines(Map.of(key, value), List.of(value));
    }
}
