package io.slipway.agent.execution;

import io.slipway.model.setting.InstallationFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Chooses where the folders of drivers are: short, and apart for every home. */
final class RunFolder {

    private static final int HOME_ID_BYTES = 4;

    private RunFolder() {}

    /**
     * Returns the folder.
     *
     * @param setting what the operator set, or empty
     * @param properties looks up a framework property
     * @param environment variables of the process
     * @throws IllegalArgumentException if the setting is no short absolute path
     */
    static Path choose(String setting, Function<String, @Nullable String> properties, Map<String, String> environment) {
        if (!setting.isBlank()) {
            var folder = Path.of(setting.strip());
            // what comes below: a name of 32 letters and the socket
            if (!folder.isAbsolute()
                    || folder.toString().getBytes(StandardCharsets.UTF_8).length + 44 > DriverFolders.MAX_SOCKET_PATH) {
                throw new IllegalArgumentException(
                        "runFolder " + setting + " is not an absolute path of 46 bytes at most");
            }
            return folder;
        }
        var home = hex(InstallationFolder.of(properties).normalize().toString());
        var user = System.getProperty("user.name", "");
        if (user.equals("root")) {
            return Path.of("/run/slipway", home);
        }
        return Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
                .map(Path::of)
                .filter(folder -> folder.isAbsolute() && folder.toString().length() < 30 && Files.isWritable(folder))
                .map(folder -> folder.resolve("slipway").resolve(home))
                .orElseGet(() -> Path.of("/tmp", "slipway-" + hex(user) + '-' + home));
    }

    private static String hex(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HOME_ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
