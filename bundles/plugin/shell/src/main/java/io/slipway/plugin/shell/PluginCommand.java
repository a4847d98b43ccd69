package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginVerifier;
import java.io.PrintStream;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Reference;

/** What every command shares: in development mode each says that it is on. */
abstract class PluginCommand extends OperatorAction {

    static final String DEVELOPMENT =
            "DEVELOPMENT MODE: unsigned plug-ins are taken (allowUnsigned of io.slipway.plugin.sources)";

    @Reference
    PluginVerifier verifier;

    @Override
    protected final Printer printer(PrintStream out, boolean wantsJson) {
        return verifier.isUnsignedAllowed()
                ? new Printer(out, wantsJson, DEVELOPMENT, Map.of("developmentMode", true))
                : new Printer(out, wantsJson);
    }

    static PluginId id(String text) throws CommandFailure {
        try {
            return new PluginId(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
