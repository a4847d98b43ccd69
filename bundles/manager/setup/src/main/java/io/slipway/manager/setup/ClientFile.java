package io.slipway.manager.setup;

import io.slipway.manager.api.Secrets;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.model.identity.UserRole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * {@code DIR/client.env}: what a client needs, as lines {@code NAME=value}, for the owner alone. Made from what is stored, so
 * that a server that was killed before it wrote the file writes it at the next start.
 */
final class ClientFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final IdentityStore store;
    private final Secrets secrets;
    private final String demoImage;

    ClientFile(Path path, IdentityStore store, Secrets secrets, String demoImage) {
        this.path = path;
        this.store = store;
        this.secrets = secrets;
        this.demoImage = demoImage;
    }

    Path path() {
        return path;
    }

    /**
     * Writes the file unless it is right already.
     *
     * @return whether it was written
     * @throws IllegalStateException if there is no superadmin
     * @throws io.slipway.model.failure.SlipwayException if a secret cannot be opened; the file stays as it is
     */
    boolean write(Endpoint endpoint) throws IOException {
        var content = content(endpoint);
        if (Files.exists(path)
                && Files.readString(path).equals(content)
                && OWNER_ONLY.equals(Files.getPosixFilePermissions(path))) {
            return false;
        }
        var part = path.resolveSibling(path.getFileName() + ".part");
        Files.deleteIfExists(part);
        try (var channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private String content(Endpoint endpoint) {
        var superadmin = store.firstKeypairOf(UserRole.SUPERADMIN)
                .orElseThrow(() -> new IllegalStateException("there is no active superadmin to name in " + path));
        var text = new StringBuilder()
                .append(line("BACKEND_ENDPOINT", endpoint.url()))
                .append(line("BACKEND_ENDPOINT_TYPE", "api"))
                .append(line("BACKEND_ACCESS_KEY", superadmin.accessKey().value()))
                .append(line("BACKEND_SECRET_KEY", secret(superadmin)));
        store.firstKeypairOf(UserRole.USER)
                .ifPresent(user -> text.append(
                                line("USER_BACKEND_ACCESS_KEY", user.accessKey().value()))
                        .append(line("USER_BACKEND_SECRET_KEY", secret(user))));
        return text.append(line("SLIPWAY_DEMO_IMAGE", demoImage)).toString();
    }

    private String secret(KeypairRecord keypair) {
        return new String(secrets.open(keypair.accessKey(), keypair.sealedSecret()), StandardCharsets.US_ASCII);
    }

    private static String line(String name, String value) {
        return name + "=" + value + "\n";
    }
}
