package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginVerifier;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /** Reads {@code PID.NAME=VALUE} of an option, each setting once. */
    static Map<String, String> settings(List<String> given) throws CommandFailure {
        var settings = new TreeMap<String, String>();
        for (var text : given) {
            var end = text.indexOf('=');
            if (end < 1 || settings.put(text.substring(0, end), text.substring(end + 1)) != null) {
                throw new CommandFailure(
                        "'" + text + "' is no setting of the form PID.NAME=VALUE, or one of two of the same");
            }
        }
        return settings;
    }

    static PluginId id(String text) throws CommandFailure {
        try {
            return new PluginId(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
