package ${package};

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** What is known of one kernel, in a file: another version of the plug-in, or another process, finds it there. */
record KernelFile(Path file) {

    static final KernelExit ENDED = new KernelExit(ExitReason.USER_REQUESTED, 0, "");

    private static final String STATE = "state";
    private static final String LABEL = "label.";

    Optional<OwnedKernel> read(KernelId kernel) throws IOException {
        var properties = new Properties();
        try (var in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        var labels = new HashMap<String, String>();
        for (var name : properties.stringPropertyNames()) {
            if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), properties.getProperty(name));
            }
        }
        return Optional.of(kernel(kernel, labels, State.valueOf(properties.getProperty(STATE))));
    }

    static OwnedKernel kernel(KernelId kernel, Map<String, String> labels, State state) {
        return new OwnedKernel(kernel, "${pluginId}-" + kernel, labels, state, state == State.EXITED ? ENDED : null);
    }

    /** Replaces the file in one step, so that nobody reads half of it. */
    void write(OwnedKernel owned) throws IOException {
        var properties = new Properties();
        properties.setProperty(STATE, owned.state().name());
        owned.labels().forEach((name, value) -> properties.setProperty(LABEL + name, value));
        var part = Files.createTempFile(file.getParent(), owned.kernel().toString(), ".part");
        try (var out = Files.newOutputStream(part)) {
            properties.store(out, null);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
