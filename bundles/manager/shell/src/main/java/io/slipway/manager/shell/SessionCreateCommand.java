package io.slipway.manager.shell;

import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.ImageRef;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Creates a session and waits until it runs. */
@Service
@Command(scope = "slipway", name = "session-create", description = "Creates a session and waits until it runs")
public final class SessionCreateCommand extends OwnedCommand {

    @Argument(name = "image", description = "Canonical name or alias of the image", multiValued = true)
    @Completion(ImageCompleter.class)
    List<String> image;

    @Option(name = "-n", aliases = "--name", description = "Name, 4 to 64 characters")
    @Nullable
    String name;

    @Option(name = "-r", aliases = "--resource", description = "Amount of a slot, such as cpu=1", multiValued = true)
    @Nullable
    List<String> resources;

    @Option(name = "-p", aliases = "--project", description = "Project")
    @Completion(ProjectCompleter.class)
    String project = "default";

    @Option(name = "--no-wait", description = "Return as soon as it is stored")
    boolean isNoWait;

    @Option(name = "--max-wait", description = "How many seconds to wait at most")
    int maxWaitSeconds = 60;

    @Reference
    SessionService sessions;

    @Override
    protected void run(Printer printer) {
        var created = sessions.create(operator(), owner(), request()).session();
        var now = isNoWait ? created : sessions.awaitStarted(created.id(), Duration.ofSeconds(maxWaitSeconds));
        printer.lines(
                view(now), List.of("Session " + now.name() + " (" + now.id() + ") is " + now.status() + why(now)));
    }

    private CreateSession request() {
        return new CreateSession(
                name == null ? "shell-" + UUID.randomUUID().toString().substring(0, 8) : name,
                only(image),
                ImageRef.DEFAULT_ARCHITECTURE,
                SessionType.INTERACTIVE,
                10,
                null,
                project,
                null,
                1,
                ClusterMode.SINGLE_NODE,
                null,
                false,
                Map.of(),
                amounts(),
                Map.of(),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                List.of());
    }

    private Map<String, String> amounts() {
        return resources == null
                ? Map.of()
                : resources.stream().map(SessionCreateCommand::pair).collect(Collectors.toMap(p -> p[0], p -> p[1]));
    }

    private static String[] pair(String text) {
        var pair = text.split("=", 2);
        if (pair.length != 2) {
            throw SlipwayException.invalid("resource", "'" + text + "' is not of the form cpu=1");
        }
        return pair;
    }

    private static Map<String, String> view(SessionRecord session) {
        return Map.of(
                "id", session.id().toString(),
                "name", session.name(),
                "status", session.status().name(),
                "why", session.statusInfo());
    }

    private static String why(SessionRecord session) {
        return session.statusInfo().isEmpty() ? "" : ": " + session.statusInfo();
    }
}
