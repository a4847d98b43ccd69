package io.slipway.plugin.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.Plugins;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a key press offers for the last word of a line. Completed words end in a blank, so that the next one can follow. */
class CompletersTest {

    private static final Session SHELL = (Session) Proxy.newProxyInstance(
            Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> null);

    private static List<String> offers(Completer completer, String... words) {
        var offers = new ArrayList<String>();
        completer.complete(SHELL, new Typed(List.of(words)), offers);
        return offers;
    }

    /** As the shell asks for them. */
    private static List<String> candidates(Completer completer, String... words) {
        var candidates = new ArrayList<Candidate>();
        completer.completeCandidates(SHELL, new Typed(List.of(words)), candidates);
        return candidates.stream().map(candidate -> candidate.value().strip()).toList();
    }

    /** A line whose cursor is behind its last letter. */
    private record Typed(List<String> words) implements CommandLine {

        @Override
        public int getCursorArgumentIndex() {
            return words.size() - 1;
        }

        @Override
        public String getCursorArgument() {
            return words.getLast();
        }

        @Override
        public int getArgumentPosition() {
            return getCursorArgument().length();
        }

        @Override
        public String[] getArguments() {
            return words.toArray(String[]::new);
        }

        @Override
        public int getBufferPosition() {
            return getBuffer().length();
        }

        @Override
        public String getBuffer() {
            return String.join(" ", words);
        }
    }

    private record Installed(List<PluginStatus> statuses) implements Plugins {

        @Override
        public <T> PluginSet<T> set(Class<T> spi) {
            throw new UnsupportedOperationException("names need no set");
        }
    }

    private static Plugins installed() {
        var noop = new PluginStatus(FakePlugins.NOOP, "1.0.0", List.of("KernelRuntime"), State.ACTIVE, "", 0);
        var cpu = new PluginStatus(new PluginId("cpu"), "2.0.0", List.of("Accelerator"), State.ACTIVE, "", 0);
        return new Installed(List.of(cpu, noop));
    }

    @Test
    void idsOfPlugins() {
        var completer = new PluginIdCompleter();
        completer.plugins = installed();
        assertEquals(List.of("noop "), offers(completer, "slipway:plugin-info", "n"));
        assertEquals(List.of("cpu ", "noop "), offers(completer, "slipway:plugin-info", ""));
        assertEquals(List.of(), offers(completer, "slipway:plugin-info", "cuda"));
    }

    @Test
    void versionsOfThePluginThatTheLineNames() {
        var completer = new PluginVersionCompleter();
        completer.plugins = installed();
        completer.administration = new FakePlugins();
        assertEquals(List.of("1.0.0 ", "1.1.0 "), offers(completer, "slipway:plugin-swap", "noop", "--to", "1"));
        assertEquals(List.of("1.1.0 "), offers(completer, "slipway:plugin-swap", "noop", "--to", "1.1"));
        assertEquals(List.of(), offers(completer, "slipway:plugin-swap", "unknown", "--to", "1"));
    }

    @Test
    void whatRepositoriesOfferAndPaths(@TempDir Path folder) throws Exception {
        var plugins = new FakePlugins();
        plugins.offers = List.of(new OfferedPlugin(new PluginId("cuda"), "3.0.0", "/r", "cuda.jar", "", "", "", ""));
        var completer = new SourceCompleter();
        completer.sources = plugins;
        // the first key press may come before the repositories have answered
        var offered = offers(completer, "slipway:plugin-install", "cu");
        while (offered.isEmpty()) {
            offered = offers(completer, "slipway:plugin-install", "cu");
        }
        assertEquals(List.of("cuda ", "cuda@3.0.0 "), offered);
        Files.createFile(folder.resolve("mine.jar"));
        var path = folder + "/mi";
        assertEquals(List.of(folder + "/mine.jar"), candidates(completer, "slipway:plugin-install", path));
        assertEquals(List.of("cuda", "cuda@3.0.0"), candidates(completer, "slipway:plugin-install", "cu"));
    }
}
