package io.slipway.manager.shell;

import io.slipway.model.failure.SlipwayException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;

/** What every command shares: where it prints, {@code --json}, and failures as one line. */
abstract class OperatorCommand implements Action {

    @Option(name = "--json", description = "Print JSON in place of a table")
    boolean isJson;

    @Reference
    Session session;

    @Override
    public final @Nullable Object execute() throws Exception {
        try {
            run(new Printer(session.getConsole(), isJson));
            return null;
        } catch (SlipwayException e) {
            throw new CommandException(inWords(e), e);
        }
    }

    /** Does what the command is for. */
    abstract void run(Printer printer) throws Exception;

    private static String inWords(SlipwayException failure) {
        var fields =
                failure.code() == io.slipway.model.failure.FailureCode.INVALID_PARAMETERS ? ": " + failure.data() : "";
        return failure.getMessage() + fields;
    }
}
