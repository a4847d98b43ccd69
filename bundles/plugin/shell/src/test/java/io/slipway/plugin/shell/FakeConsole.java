package io.slipway.plugin.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;

/** What a command prints on. */
final class FakeConsole {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean isDevelopment;

    FakeConsole(boolean isDevelopment) {
        this.isDevelopment = isDevelopment;
    }

    void run(PluginCommand command) throws CommandException {
        run(command, false);
    }

    private void run(PluginCommand command, boolean wantsJson) throws CommandException {
        var console = new PrintStream(out, true, StandardCharsets.UTF_8);
        command.verifier = new Mode(isDevelopment);
        var session = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConsole")) {
                        return console;
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
        command.execute(session, wantsJson);
    }

    void runForJson(PluginCommand command) throws CommandException {
        run(command, true);
    }

    String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    JsonNode json() throws IOException {
        return JsonMapper.builder().build().readTree(text());
    }

    private record Mode(boolean isUnsignedAllowed) implements PluginVerifier {

        @Override
        public PluginVerdict verify(Path file) {
            throw new UnsupportedOperationException("commands ask the sources");
        }

        @Override
        public PluginVerdict verify(String name, byte[] content) {
            throw new UnsupportedOperationException("commands ask the sources");
        }
    }
}
