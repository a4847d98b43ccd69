package io.slipway.itests.bad;

import io.slipway.config.api.SharedConfig;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** A policy that nobody asks for; it writes to a file what a watch of the configuration tells it. */
public final class ConfigEcho implements SequencingPolicy {

    private final Path file;
    private final AutoCloseable watch;

    /** Used by the component runtime. */
    public ConfigEcho(SharedConfig config, Map<String, Object> properties) {
        file = Path.of((String) properties.get("file"));
        watch = config.watch((String) properties.get("key"), this::hear);
    }

    private void hear(String key, Optional<String> value) {
        try {
            Files.writeString(file, value.orElse("-") + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Used by the component runtime. */
    public void deactivate() throws Exception {
        watch.close();
    }

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        return Comparator.comparing(PendingSession::createdAt)
                .thenComparing(session -> session.session().value());
    }
}
