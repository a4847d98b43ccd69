package io.slipway.manager.shell;

import io.slipway.config.api.SharedConfig;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes keys of the shared configuration. */
@Service
public final class ConfigKeyCompleter implements Completer {

    @Reference
    SharedConfig config;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        return new StringsCompleter(config.list("").keySet()).complete(session, commandLine, candidates);
    }
}
