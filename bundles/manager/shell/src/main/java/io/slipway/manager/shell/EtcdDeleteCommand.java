package io.slipway.manager.shell;

import io.slipway.config.api.SharedConfig;
import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Deletes keys of the shared configuration. */
@Service
@Command(scope = "slipway", name = "etcd-delete", description = "Deletes a key of the shared configuration")
public final class EtcdDeleteCommand extends OperatorAction {

    @Argument(name = "key", description = "The key", multiValued = true)
    @Completion(ConfigKeyCompleter.class)
    List<String> key;

    @Option(name = "--prefix", description = "Delete every key that begins with it")
    boolean isPrefix;

    @Reference
    SharedConfig config;

    @Override
    protected void run(Printer printer) {
        var deleted = config.delete(only(key), isPrefix);
        printer.lines(Map.of("deleted", deleted), List.of("Deleted " + deleted + (deleted == 1 ? " key" : " keys")));
    }
}
