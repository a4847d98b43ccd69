package io.slipway.plugin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "Cpu", "1a", "-a", "a_b", "a.b", "a/b", "../a", "a b", "ä"})
    void refusesWhatIsNoFolderName(String value) {
        assertThrows(IllegalArgumentException.class, () -> new PluginId(value));
    }

    @Test
    void takesUpTo64Characters() {
        assertEquals("a".repeat(64), new PluginId("a".repeat(64)).toString());
        assertThrows(IllegalArgumentException.class, () -> new PluginId("a".repeat(65)));
    }

    @Test
    void sortsByName() {
        var ids = new TreeSet<>(List.of(new PluginId("mem"), new PluginId("cpu"), new PluginId("cuda-2")));
        assertEquals("[cpu, cuda-2, mem]", ids.toString());
    }

    @Test
    void keepsACopyOfTheSpis() {
        var spis = new ArrayList<>(List.of("KernelRuntime"));
        var status = new PluginStatus(new PluginId("noop"), "1.0.0", spis, PluginStatus.State.ACTIVE, "", 0);
        spis.clear();
        assertEquals(List.of("KernelRuntime"), status.spis());
    }
}
