package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.osgi.framework.Version;

/**
 * The jar of one version, read once, so that what is installed is what was looked at.
 *
 * @param id of which plug-in
 * @param version as its file name says
 * @param bytes its content; nobody changes them
 * @param location the bundle location: id, version and digest, so that a jar whose bytes changed is another bundle
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of 20 MB would serve nobody
record PluginJar(PluginId id, Version version, byte[] bytes, String location) {

    /** What the location of every plug-in bundle begins with. */
    static final String SCHEME = "slipway-plugin:";

    static PluginJar read(PluginId id, Version version, Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        return new PluginJar(id, version, bytes, SCHEME + id + "/" + version + "/" + digest(bytes));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
