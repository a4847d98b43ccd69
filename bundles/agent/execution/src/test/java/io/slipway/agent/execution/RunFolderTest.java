package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunFolderTest {

    @Test
    void takesWhatTheOperatorSet() {
        assertEquals(Path.of("/srv/run"), RunFolder.choose(" /srv/run ", name -> null, Map.of()));
    }

    @Test
    void refusesASettingThatIsTooLongOrRelative() {
        var tooLong = "/" + "x".repeat(60);
        var refused =
                assertThrows(IllegalArgumentException.class, () -> RunFolder.choose(tooLong, name -> null, Map.of()));
        assertTrue(refused.getMessage().contains("runFolder " + tooLong));
        assertThrows(IllegalArgumentException.class, () -> RunFolder.choose("run", name -> null, Map.of()));
    }

    @Test
    void keepsHomesApartAndShort() {
        var one = RunFolder.choose("", Map.of("karaf.base", "/home/a b/.slipway")::get, Map.of());
        var two = RunFolder.choose("", Map.of("karaf.base", "/home/other")::get, Map.of());
        assertNotEquals(one, two);
        assertEquals(one, RunFolder.choose("", Map.of("karaf.base", "/home/a b/x/../.slipway")::get, Map.of()));
        assertTrue(one.toString().length() <= 46, one.toString());
    }
}
