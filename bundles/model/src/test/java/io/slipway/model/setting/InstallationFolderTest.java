package io.slipway.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstallationFolderTest {

    @Test
    void prefersTheLaunchersWord() {
        var properties = Map.of("slipway.home", "/srv/slipway", "karaf.base", "/opt/karaf");
        assertEquals(Path.of("/srv/slipway"), InstallationFolder.of(properties::get));
    }

    @Test
    void takesKarafsWordElse() {
        var properties = Map.of("slipway.home", " ", "karaf.base", "/opt/karaf");
        assertEquals(Path.of("/opt/karaf"), InstallationFolder.of(properties::get));
    }

    @Test
    void isAbsolute() {
        assertTrue(InstallationFolder.of(Map.of("karaf.base", "here")::get).isAbsolute());
    }

    @Test
    void refusesToGuess() {
        assertThrows(IllegalStateException.class, () -> InstallationFolder.of(name -> null));
    }
}
