package io.slipway.manager.identity;

import io.slipway.manager.api.Secrets;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.setting.InstallationFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Seals secrets by AES-256-GCM under the key of the installation. Form: {@code v1.}, eight hexadecimal digits that name the
 * key, {@code .}, and base64 of nonce, text and tag; the access key is authenticated with it. Thread-safe.
 */
@Component
public final class AesGcmSecrets implements Secrets {

    private static final String VERSION = "v1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_NAME_BYTES = 4;

    private final SecretKey key;
    private final String keyName;
    private final RandomGenerator random;

    /** Used by the component runtime. */
    @Activate
    public AesGcmSecrets(BundleContext context) throws IOException {
        this(
                HomeKey.of(
                        environment("SLIPWAY_SECRET_KEY"),
                        InstallationFolder.of(context::getProperty)
                                .resolve("etc")
                                .resolve("keys")
                                .resolve("secret.key"),
                        new SecureRandom()),
                new SecureRandom());
    }

    AesGcmSecrets(byte[] key, RandomGenerator random) {
        this.key = new SecretKeySpec(key, "AES");
        this.keyName = nameOf(key);
        this.random = random;
    }

    private static String environment(String name) {
        var value = System.getenv(name);
        return value == null ? "" : value;
    }

    private static String nameOf(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key), 0, KEY_NAME_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String seal(AccessKey accessKey, byte[] secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, accessKey, nonce).doFinal(secret);
            var all = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return VERSION + "." + keyName + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        }
    }

    @Override
    public byte[] open(AccessKey accessKey, String sealedSecret) {
        var parts = sealedSecret.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw failure(accessKey, "it is of an unknown form", null);
        }
        if (!parts[1].equals(keyName)) {
            throw failure(
                    accessKey,
                    "it was sealed under key " + parts[1] + " but this installation has key " + keyName
                            + "; bring back the etc/keys/secret.key or SLIPWAY_SECRET_KEY that it was sealed under",
                    null);
        }
        try {
            var all = Base64.getUrlDecoder().decode(parts[2]);
            if (all.length <= NONCE_BYTES) {
                throw failure(accessKey, "it is too short", null);
            }
            var nonce = new byte[NONCE_BYTES];
            System.arraycopy(all, 0, nonce, 0, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, accessKey, nonce).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw failure(accessKey, "it was changed or belongs to another access key", e);
        }
    }

    private Cipher cipher(int mode, AccessKey accessKey, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(accessKey.value().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static SlipwayException failure(AccessKey accessKey, String why, @Nullable Exception cause) {
        return new SlipwayException(
                FailureCode.INTERNAL,
                "the secret of keypair " + accessKey + " cannot be opened: " + why,
                Map.of(),
                cause);
    }
}
