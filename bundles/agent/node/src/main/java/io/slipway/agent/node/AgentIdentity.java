package io.slipway.agent.node;

import io.slipway.model.agent.AgentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The identity of this agent: made once, kept in a file, so that it stays the same over restarts and renames of the host. */
final class AgentIdentity {

    private static final int HOST_LENGTH = 40;

    private AgentIdentity() {}

    /**
     * Returns the agent's id.
     *
     * @param stateFolder where the file is
     * @param configured overrides the file unless empty
     */
    static AgentId of(Path stateFolder, String configured, String hostName, RandomGenerator random) throws IOException {
        if (!configured.isBlank()) {
            return new AgentId(configured.strip());
        }
        var file = stateFolder.resolve("id");
        if (Files.exists(file)) {
            var id = Files.readString(file).strip();
            if (!id.isEmpty()) {
                return new AgentId(id);
            }
        }
        var id = new AgentId("i-" + plain(hostName) + "-" + HexFormat.of().toHexDigits(random.nextInt()));
        AtomicFiles.write(file, id.value() + "\n");
        return id;
    }

    private static String plain(String hostName) {
        var dot = hostName.indexOf('.');
        var plain = (dot < 0 ? hostName : hostName.substring(0, dot))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9-]", "-");
        return plain.isEmpty() ? "node" : plain.substring(0, Math.min(HOST_LENGTH, plain.length()));
    }
}
