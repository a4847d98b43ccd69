package io.slipway.plugin.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Whether the site takes unsigned plug-ins, straight from its file: no configuration service is there that early. */
final class Mode {

    private static final System.Logger LOG = System.getLogger(Mode.class.getName()); // SLF4J is not there that early

    private final Path file;

    Mode(Path etc) {
        this.file = etc.resolve("io.slipway.plugin.sources.cfg");
    }

    boolean isUnsignedAllowed() {
        if (Files.notExists(file)) {
            return false;
        }
        var settings = new Properties();
        try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            settings.load(in);
            return "true"
                    .equalsIgnoreCase(settings.getProperty("allowUnsigned", "").strip());
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, () -> file + " cannot be read, so unsigned bundles are refused: " + e);
            return false;
        }
    }
}
