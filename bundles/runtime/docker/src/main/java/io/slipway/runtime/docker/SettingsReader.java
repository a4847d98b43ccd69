package io.slipway.runtime.docker;

import io.slipway.model.setting.InstallationFolder;
import io.slipway.runtime.docker.DockerRuntime.Config;
import io.slipway.runtime.docker.DockerSettings.Bounds;
import io.slipway.runtime.docker.KernelUsers.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.osgi.framework.BundleContext;

/** Checks what the operator chose. */
final class SettingsReader {

    private static final int OWNER_BYTES = 6;

    private SettingsReader() {}

    static DockerSettings read(BundleContext context, Config config) throws IOException {
        return read(InstallationFolder.of(context::getProperty), config);
    }

    static DockerSettings read(Path home, Config config) throws IOException {
        if (!config.network().equals("none") && !config.network().equals("bridge")) {
            throw new IllegalArgumentException("network=" + config.network() + " is neither none nor bridge");
        }
        var host = config.host();
        if (!host.startsWith(DockerSettings.UNIX + "/") && !host.startsWith("tcp://")) {
            throw new IllegalArgumentException("host=" + host + " begins neither with unix:/// nor with tcp://");
        }
        var real = home.toRealPath();
        return new DockerSettings(
                config.enabled(),
                host,
                config.tlsFolder(),
                config.network().equals("bridge"),
                shortName(real),
                real.resolve("docker/used"),
                users(config),
                new Bounds(config.maxOpenFiles(), config.logKibibytes(), config.temporaryMebibytes()));
    }

    private static KernelUsers users(Config config) throws IOException {
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                && Files.getAttribute(Path.of("/proc/self"), "unix:gid") instanceof Integer gid
                && uid != 0) {
            // a home is its owner's, so any group does but root's
            return new KernelUsers.Same(new User(uid, gid == 0 ? uid : gid), false);
        }
        return config.uid() == 0
                ? new KernelUsers.Own(config.firstUid(), config.uidCount())
                : new KernelUsers.Same(new User(config.uid(), config.gid() == 0 ? config.uid() : config.gid()), true);
    }

    /** Returns twelve hexadecimal digits that tell a folder from others. */
    static String shortName(Path folder) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(folder.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, OWNER_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
