package io.slipway.plugin.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.Plugins;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginListCommandTest {

    private static final PluginStatus PROCESS = new PluginStatus(
            new PluginId("process"), "1.2.0", List.of("ImageStore", "KernelRuntime"), State.ACTIVE, "", 3);
    private static final PluginStatus CUDA = new PluginStatus(
            new PluginId("cuda"),
            "1.0.0",
            List.of(),
            State.FAILED,
            "it imports the package x, which no bundle exports",
            0);

    @Test
    void printsATable() throws Exception {
        var lines = run(false, CUDA, PROCESS).lines().toList();
        assertEquals(4, lines.size(), lines::toString);
        assertTrue(
                lines.getFirst().matches("id +. version +. provides +. state +. leases +. why +. beside *"),
                lines::getFirst);
        assertTrue(lines.get(2).matches("cuda .* FAILED .* it imports the package x, which no bundle exports .*"));
        assertTrue(lines.get(3).matches("process . 1.2.0 +. ImageStore KernelRuntime . ACTIVE . 3 .*"), lines.get(3));
    }

    @Test
    void saysThatThereIsNone() throws Exception {
        assertTrue(run(false).contains("No plug-in is installed"));
    }

    @Test
    void printsJson() throws Exception {
        JsonNode json = JsonMapper.builder().build().readTree(run(true, CUDA, PROCESS));
        assertEquals(2, json.size());
        assertEquals("cuda", json.get(0).get("id").textValue());
        assertEquals("FAILED", json.get(0).get("state").textValue());
        assertEquals("3", json.get(1).get("leases").textValue());
        assertEquals("[]", run(true).strip().replace(" ", ""));
    }

    private static PluginListCommand command(PluginStatus... statuses) {
        var command = new PluginListCommand();
        command.plugins = new Installed(List.of(statuses));
        return command;
    }

    private static String run(boolean isJson, PluginStatus... statuses) throws Exception {
        var console = new FakeConsole(false);
        if (isJson) {
            console.runForJson(command(statuses));
        } else {
            console.run(command(statuses));
        }
        return console.text();
    }

    private record Installed(List<PluginStatus> statuses) implements Plugins {

        @Override
        public <T> PluginSet<T> set(Class<T> spi) {
            throw new UnsupportedOperationException("a list needs no set");
        }
    }
}
