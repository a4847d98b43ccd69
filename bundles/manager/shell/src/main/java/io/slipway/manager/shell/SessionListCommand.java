package io.slipway.manager.shell;

import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Lists sessions, newest first, at most 1,000. */
@Service
@Command(scope = "slipway", name = "session-list", description = "Lists live sessions, newest first")
public final class SessionListCommand extends OperatorAction {

    private static final List<String> COLUMNS =
            List.of("name", "id", "owner", "status", "image", "agent", "age", "why");

    @Option(name = "--all", aliases = "-a", description = "Also sessions that have ended")
    boolean isAll;

    @Reference
    SessionService sessions;

    @Override
    protected void run(Printer printer) {
        var rows = SessionRef.newest(sessions, isAll ? Set.of() : SessionRef.LIVE).stream()
                .map(SessionListCommand::row)
                .toList();
        printer.rows(COLUMNS, rows, "No session; slipway:session-create python makes one");
    }

    private static Map<String, String> row(SessionRecord session) {
        var agent = session.mainKernel().agent();
        var age = Duration.between(session.createdAt(), Instant.now());
        var row = new LinkedHashMap<String, String>();
        row.put("name", session.name());
        row.put("id", session.id().toString());
        row.put("owner", session.owner().value());
        row.put("status", session.status().name());
        row.put("image", session.mainKernel().image().canonical());
        row.put("agent", agent == null ? "" : agent.value());
        row.put(
                "age",
                age.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString()
                        .substring(2));
        row.put("why", session.statusInfo());
        return row;
    }
}
