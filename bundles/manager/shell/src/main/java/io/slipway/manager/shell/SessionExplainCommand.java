package io.slipway.manager.shell;

import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.ExplainService;
import io.slipway.manager.api.SessionService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Says in words where a session stands and why. */
@Service
@Command(scope = "slipway", name = "session-explain", description = "Says where a session stands and why")
public class SessionExplainCommand extends OwnedCommand {

    @Argument(name = "session", description = "Name or id", multiValued = true)
    @Completion(KnownSessionCompleter.class)
    List<String> reference;

    @Reference
    SessionService sessions;

    @Reference
    ExplainService explain;

    @Override
    protected void run(Printer printer) {
        var explanation =
                explain.explain(SessionRef.find(sessions, this, only(reference)).id());
        var lines = new ArrayList<String>();
        lines.add(explanation.summary());
        if (explanation.queuePosition() > 0) {
            lines.add("Place in the queue: " + explanation.queuePosition());
        }
        explanation.agents().forEach(line -> lines.add("  agent   " + line));
        explanation.history().forEach(line -> lines.add("  history " + line));
        var view = new LinkedHashMap<String, Object>();
        view.put("summary", explanation.summary());
        view.put("queuePosition", explanation.queuePosition());
        view.put("agents", explanation.agents());
        view.put("history", explanation.history());
        printer.lines(view, lines);
    }
}
