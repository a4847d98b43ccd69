package io.slipway.plugin.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the site takes unsigned plug-ins, straight from its file: no configuration service is there that early. */
final class Mode {

    private static final Logger LOG = LoggerFactory.getLogger(Mode.class);

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
            LOG.warn("{} cannot be read, so unsigned bundles are refused: {}", file, e.toString());
            return false;
        }
    }
}
