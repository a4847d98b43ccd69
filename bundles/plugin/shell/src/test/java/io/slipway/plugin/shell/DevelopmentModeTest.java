package io.slipway.plugin.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who works on a server that takes unsigned plug-ins is told so by every command, first of all. */
class DevelopmentModeTest {

    private static final FakePlugins PLUGINS = new FakePlugins();

    static Stream<Named<Supplier<PluginCommand>>> commands() {
        return Stream.of(
                named("plugin-list", DevelopmentModeTest::list),
                named("plugin-info", DevelopmentModeTest::info),
                named("plugin-explain", DevelopmentModeTest::explain),
                named("plugin-history", DevelopmentModeTest::history),
                named("plugin-plan", DevelopmentModeTest::plan),
                named("plugin-verify", DevelopmentModeTest::verify),
                named("plugin-install", DevelopmentModeTest::install),
                named("plugin-swap", DevelopmentModeTest::swap),
                named("plugin-rollback", DevelopmentModeTest::rollback));
    }

    private static Named<Supplier<PluginCommand>> named(String name, Supplier<PluginCommand> command) {
        return Named.of(name, command);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysItAboveItsAnswer(Supplier<PluginCommand> command) throws Exception {
        var development = new FakeConsole(true);
        development.run(command.get());
        assertEquals(
                PluginCommand.DEVELOPMENT,
                development.text().lines().findFirst().orElse(""));

        var json = new FakeConsole(true);
        json.runForJson(command.get());
        var answer = json.json();
        Iterable<JsonNode> objects = answer.isArray() ? answer : List.of(answer);
        assertTrue(objects.iterator().hasNext(), json::text);
        objects.forEach(object -> assertTrue(object.path("developmentMode").asBoolean(false), json::text));
    }

    static Stream<Named<Supplier<PluginCommand>>> failures() {
        return Stream.of(named("a missing name", PluginInfoCommand::new), named("a refusal", () -> {
            var command = new PluginVerifyCommand();
            command.where = List.of("nowhere");
            command.sources = PLUGINS;
            return command;
        }));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureSaysItToo(Supplier<PluginCommand> command) throws Exception {
        var development = new FakeConsole(true);
        assertThrows(CommandException.class, () -> development.run(command.get()));
        assertEquals(PluginCommand.DEVELOPMENT, development.text().strip());

        var json = new FakeConsole(true);
        var failure = assertThrows(CommandException.class, () -> json.runForJson(command.get()));
        assertEquals("", json.text());
        var told = JsonMapper.builder().build().readTree(failure.getNiceHelp());
        assertTrue(told.has("error") && told.path("developmentMode").asBoolean(false), told::toString);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noneSaysItWhereTheModeIsOff(Supplier<PluginCommand> command) throws Exception {
        var plain = new FakeConsole(false);
        plain.run(command.get());
        assertFalse(plain.text().contains("DEVELOPMENT"), plain::text);

        var json = new FakeConsole(false);
        json.runForJson(command.get());
        assertFalse(json.text().contains("developmentMode"), json::text);
    }

    /** A command that comes anew is to be among them. */
    @Test
    void theseAreAllThereAre() throws Exception {
        var tested = commands().map(Named::getName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(namesOfAll(), tested);
    }

    private static Set<String> namesOfAll() throws IOException, URISyntaxException, ClassNotFoundException {
        var place = PluginCommand.class.getProtectionDomain().getCodeSource().getLocation();
        var folder = Path.of(place.toURI()).resolve("io/slipway/plugin/shell");
        var names = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(folder, "*.class")) {
            for (var file : files) {
                var name = file.getFileName().toString().replace(".class", "");
                var command = Class.forName(PluginCommand.class.getPackageName() + "." + name)
                        .getAnnotation(Command.class);
                if (command != null) {
                    names.add(command.name());
                }
            }
        }
        return names;
    }

    private static PluginCommand list() {
        var command = new PluginListCommand();
        command.plugins = new OnePlugin();
        return command;
    }

    private record OnePlugin() implements Plugins {

        @Override
        public List<PluginStatus> statuses() {
            return List.of(new PluginStatus(
                    FakePlugins.NOOP, "1.0.0", List.of("KernelRuntime"), PluginStatus.State.ACTIVE, "", 0));
        }

        @Override
        public <T> PluginSet<T> set(Class<T> spi) {
            throw new UnsupportedOperationException("a list needs no set");
        }
    }

    private static PluginCommand info() {
        var command = new PluginInfoCommand();
        command.id = List.of("noop");
        command.plugins = PLUGINS;
        return command;
    }

    private static PluginCommand explain() {
        var command = new PluginExplainCommand();
        command.id = List.of("noop");
        command.plugins = PLUGINS;
        return command;
    }

    private static PluginCommand history() {
        var command = new PluginHistoryCommand();
        command.plugins = PLUGINS;
        return command;
    }

    private static PluginCommand plan() {
        var command = new PluginPlanCommand();
        command.where = List.of("/x/noop.jar");
        command.plugins = PLUGINS;
        command.sources = PLUGINS;
        return command;
    }

    private static PluginCommand verify() {
        var command = new PluginVerifyCommand();
        command.where = List.of("/x/noop.jar");
        command.sources = PLUGINS;
        return command;
    }

    private static PluginCommand install() {
        var command = new PluginInstallCommand();
        command.where = List.of("/x/noop.jar");
        command.plugins = PLUGINS;
        command.sources = PLUGINS;
        return command;
    }

    private static PluginCommand swap() {
        var command = new PluginSwapCommand();
        command.id = "noop";
        command.where = List.of("/x/noop.jar");
        command.plugins = PLUGINS;
        command.sources = PLUGINS;
        return command;
    }

    private static PluginCommand rollback() {
        var command = new PluginRollbackCommand();
        command.id = List.of("noop");
        command.plugins = PLUGINS;
        return command;
    }
}
