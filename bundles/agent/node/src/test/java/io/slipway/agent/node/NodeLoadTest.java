package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLoadTest {

    @TempDir
    Path proc;

    @Test
    void measuresShareOfAllCoresSinceLastTime() throws IOException {
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 1000 kB\nMemAvailable: 250 kB\n");
        Files.writeString(proc.resolve("stat"), "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2\n");
        var load = new NodeLoad(proc, 4);
        assertFalse(load.measure().containsKey("cpu_util.current"));
        Files.writeString(proc.resolve("stat"), "cpu  150 0 125 760 165 0 0 0 90 0\n");
        var measured = load.measure();
        assertEquals("150.00", measured.get("cpu_util.current"));
        assertEquals("400", measured.get("cpu_util.capacity"));
        assertEquals("37.50", measured.get("cpu_util.pct"));
        assertEquals("768000", measured.get("mem.current"));
        assertEquals("75.00", measured.get("mem.pct"));
    }
}
