package io.slipway.lib.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperatorActionTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Copy command = new Copy();

    /** What Karaf's parser leaves: everything behind the first name is in the arguments. */
    private void run(String from, String... rest) throws CommandException {
        command.from = from;
        command.to = List.of(rest);
        execute(command, false);
    }

    private void execute(OperatorAction action, boolean wantsJson) throws CommandException {
        var console = new PrintStream(out, true, StandardCharsets.UTF_8);
        action.execute(
                (Session) Proxy.newProxyInstance(
                        Session.class.getClassLoader(),
                        new Class<?>[] {Session.class},
                        (proxy, method, arguments) -> console),
                wantsJson);
    }

    private String refused(String from, String... rest) {
        return String.valueOf(
                assertThrows(CommandException.class, () -> run(from, rest)).getMessage());
    }

    static final class Copy extends OperatorAction {

        @Argument(index = 0, name = "from")
        String from;

        @Argument(index = 1, name = "to", multiValued = true)
        List<String> to;

        @Option(name = "--times", aliases = "-t")
        int times = 1;

        @Option(name = "--tag", multiValued = true)
        @Nullable
        List<String> tags;

        @Option(name = "--note")
        @Nullable
        String note;

        @Override
        protected void run(Printer printer) throws CommandFailure {
            if (from.equals("nothing")) {
                throw new CommandFailure("there is nothing", Map.of("from", from));
            }
            var told = from + " " + only(to) + " " + times + " " + tags + " " + note;
            printer.lines(Map.of("told", told), List.of(told));
        }
    }

    static final class Look extends OperatorAction {

        @Argument(name = "where", valueToShowInHelp = "everywhere", multiValued = true)
        List<String> where = List.of();

        @Override
        protected void run(Printer printer) {
            printer.text("where", where.isEmpty() ? "everywhere" : only(where));
        }
    }

    /** Karaf leaves the fields as they are where no name was typed. */
    @Test
    void aMissingNameIsToldAsJsonWhereJsonIsWanted() throws Exception {
        var failure = assertThrows(CommandException.class, () -> execute(command, true));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        var json = JsonMapper.builder().build().readTree(failure.getNiceHelp());
        assertEquals("from is missing; --help shows the form", json.get("error").textValue());
        execute(new Look(), false);
        assertEquals("everywhere", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void optionsMayStandBehindAndBetweenTheNames() throws Exception {
        run("a", "-t", "3", "b", "--tag", "x", "--tag=y", "--note", "n");
        assertEquals("a b 3 [x, y] n\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void optionsBehindAddToThoseBefore() throws Exception {
        command.tags = List.of("w");
        run("a", "b", "--tag", "x");
        assertEquals("a b 1 [w, x] null\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void wordsThatAreNoOptionsStayNames() throws Exception {
        run("a", "-5");
        assertEquals("a -5 1 null null\n", out.toString(StandardCharsets.UTF_8));
        out.reset();
        run("a", "--", "--json");
        assertEquals("a --json 1 null null\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void lateJsonIsJson() throws Exception {
        run("a", "b", "--json");
        assertEquals(
                "a b 1 null null",
                JsonMapper.builder()
                        .build()
                        .readTree(out.toByteArray())
                        .get("told")
                        .textValue());
    }

    @Test
    void saysWhatIsWrongWithTheWords() {
        assertEquals("there is no option --tims; --help shows those there are", refused("a", "b", "--tims"));
        assertEquals("--times needs a value", refused("a", "b", "--times"));
        assertEquals("-t: 'long' is no whole number", refused("a", "b", "-t", "long"));
        assertEquals("to is missing; --help shows the form", refused("a", "--json"));
        assertTrue(refused("a", "b", "c").startsWith("'c' is one word too many"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void refusalIsOneJsonObjectAndNothingElse() throws Exception {
        var failure = assertThrows(CommandException.class, () -> run("nothing", "b", "--json"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        var json = JsonMapper.builder().build().readTree(failure.getNiceHelp());
        assertEquals("there is nothing", json.get("error").textValue());
        assertEquals("nothing", json.get("from").textValue());
        assertEquals("there is nothing", failure.getMessage());
    }

    @Test
    void lateJsonCountsForWrongWordsToo() throws Exception {
        var failure = assertThrows(CommandException.class, () -> run("a", "b", "--tims", "--json"));
        assertTrue(JsonMapper.builder().build().readTree(failure.getNiceHelp()).has("error"));
    }
}
