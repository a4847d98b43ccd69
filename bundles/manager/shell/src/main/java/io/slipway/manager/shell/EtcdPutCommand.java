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

/** Puts one key of the shared configuration. */
@Service
@Command(scope = "slipway", name = "etcd-put", description = "Puts one key of the shared configuration")
public final class EtcdPutCommand extends OperatorAction {

    @Argument(index = 0, name = "key", description = "The key")
    @Completion(ConfigKeyCompleter.class)
    String key;

    @Argument(index = 1, name = "value", description = "Its value", multiValued = true)
    List<String> value;

    @Reference
    SharedConfig config;

    @Override
    protected void run(Printer printer) {
        config.put(Map.of(key, only(value)));
        printer.lines(Map.of(key, only(value)), List.of("Put " + key));
    }
}
