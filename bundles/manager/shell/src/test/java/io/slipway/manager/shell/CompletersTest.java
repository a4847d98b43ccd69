package io.slipway.manager.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import io.slipway.model.slot.SlotAmounts;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;

/** What a key press offers for the word that was begun. Completed words end in a blank, so that the next one can follow. */
class CompletersTest {

    private static List<String> offers(Completer completer, String begun) {
        var offers = new ArrayList<String>();
        completer.complete(fake(Session.class, Map.of()), new Typed(begun), offers);
        return offers;
    }

    /** Answers these methods, and no other. */
    private static <T> T fake(Class<T> type, Map<String, ?> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    var answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return answer;
                }));
    }

    /** A line whose cursor is behind the last letter. */
    private record Typed(String getCursorArgument) implements CommandLine {

        @Override
        public int getCursorArgumentIndex() {
            return 1;
        }

        @Override
        public int getArgumentPosition() {
            return getCursorArgument.length();
        }

        @Override
        public String[] getArguments() {
            return new String[] {"command", getCursorArgument};
        }

        @Override
        public int getBufferPosition() {
            return getBuffer().length();
        }

        @Override
        public String getBuffer() {
            return "command " + getCursorArgument;
        }
    }

    private static Image image(String name, String... aliases) {
        return new Image(
                new UUID(0, 1),
                ImageRef.parse(name, "x86_64"),
                "sha256:1",
                0,
                Map.of(),
                List.of(aliases),
                SlotAmounts.NONE);
    }

    @Test
    void imagesByTheirNamesAndAliases() {
        var completer = new ImageCompleter();
        completer.images = fake(
                ImageCatalog.class,
                Map.of("images", List.of(image("local/python:3.11", "python", "py"), image("local/shell:5", "sh"))));
        assertEquals(List.of("py ", "python "), offers(completer, "py"));
        assertEquals(List.of("local/python:3.11 ", "local/shell:5 "), offers(completer, "local"));
        assertEquals(List.of(), offers(completer, "ruby"));
    }

    @Test
    void keysOfTheSharedConfiguration() {
        var completer = new ConfigKeyCompleter();
        completer.config = fake(
                SharedConfig.class,
                Map.of("list", new TreeMap<>(Map.of("config/a", "1", "config/b", "2", "nodes/x", "up"))));
        assertEquals(List.of("config/a ", "config/b "), offers(completer, "conf"));
        assertEquals(List.of("nodes/x "), offers(completer, "nodes/x"));
        assertEquals(3, offers(completer, "").size());
    }

    @Test
    void projectsOfTheOperator() {
        var completer = new ProjectCompleter();
        var operator = new Principal(
                new AccessKey("AKIAOPERATOR"), new UUID(0, 3), "admin@x.org", "default", UserRole.SUPERADMIN, true);
        var project = new ProjectRecord(new UUID(0, 2), "research", "default", true, SlotAmounts.NONE);
        completer.identity = fake(IdentityService.class, Map.of("projects", List.of(project), "operator", operator));
        assertEquals(List.of("research "), offers(completer, "re"));
    }
}
