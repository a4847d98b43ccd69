package io.slipway.lib.shell;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;

/**
 * A command: where it prints, {@code --json}, options before and behind its names, and failures as one line. The last
 * {@code @Argument} of a command is a {@code List<String>}, multi-valued: see {@link #only}. An argument is needed unless it
 * has a {@code valueToShowInHelp}; none is {@code required}, as Karaf would refuse it in its own words. One instance runs once.
 */
public abstract class OperatorAction implements Action {

    @Option(name = "--json", description = "Print JSON in place of text; a failure is one object with the field error")
    private boolean isJson;

    @Reference
    private Session session;

    /** Used by the shell, which fills the fields. */
    protected OperatorAction() {}

    @Override
    public final @Nullable Object execute() throws CommandException {
        var words = new CommandWords(this);
        words.settleJson();
        var printer = printer(session.getConsole(), isJson);
        try {
            words.settle();
            run(printer);
            return null;
        } catch (SlipwayException e) {
            throw told(printer, inWords(e), Map.of(), e);
        } catch (IOException e) {
            throw told(printer, String.valueOf(e.getMessage()), Map.of(), e);
        } catch (CommandFailure e) {
            throw told(printer, String.valueOf(e.getMessage()), e.details(), e);
        }
    }

    /**
     * Does what the command is for. The messages of what it throws are for the operator.
     *
     * @throws IOException if something cannot be read
     * @throws CommandFailure if it has not done what it is for
     */
    protected abstract void run(Printer printer) throws IOException, CommandFailure;

    /** Returns what prints; a command that always has something to say, beside failures too, overrides it. */
    protected Printer printer(PrintStream out, boolean wantsJson) {
        return new Printer(out, wantsJson);
    }

    /** Returns the session of the shell, for questions to the operator. */
    protected final Session session() {
        return session;
    }

    /** Returns the one word that a command's last argument has. */
    protected static String only(java.util.List<String> argument) {
        return argument.getFirst();
    }

    /** The shell prints the first text as it is; it and nothing else is then the output. */
    private static CommandException told(Printer printer, String message, Map<String, ?> details, Exception cause) {
        if (!printer.isJson()) {
            return new CommandException(message, cause);
        }
        var told = new LinkedHashMap<String, Object>();
        told.put("error", message);
        told.putAll(details);
        return new CommandException(Printer.json(printer.marked(told)), message, cause);
    }

    private static String inWords(SlipwayException failure) {
        var fields = failure.code() == FailureCode.INVALID_PARAMETERS ? ": " + failure.data() : "";
        return failure.getMessage() + fields;
    }

    /**
     * Runs it as the shell would, for tests.
     *
     * @param shell where it prints
     * @throws CommandException what the shell prints of a failure
     */
    public final void execute(Session shell, boolean wantsJson) throws CommandException {
        session = shell;
        isJson = wantsJson;
        execute();
    }
}
