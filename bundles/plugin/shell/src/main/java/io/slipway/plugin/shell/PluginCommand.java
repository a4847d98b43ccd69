package io.slipway.plugin.shell;

import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginVerifier;
import java.io.IOException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;

/** What every command shares: where it prints, {@code --json}, and failures as one line. */
abstract class PluginCommand implements Action {

    @Option(name = "--json", description = "Print JSON in place of text")
    boolean isJson;

    @Reference
    Session session;

    @Reference
    PluginVerifier verifier;

    @Override
    public final @Nullable Object execute() throws CommandException {
        try {
            run(new Printer(session.getConsole(), isJson, verifier.isUnsignedAllowed()));
            return null;
        } catch (IOException | SlipwayException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Does what the command is for; a message of what it throws is for the operator. */
    abstract void run(Printer printer) throws IOException, CommandException;

    static PluginId id(String text) throws CommandException {
        try {
            return new PluginId(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
