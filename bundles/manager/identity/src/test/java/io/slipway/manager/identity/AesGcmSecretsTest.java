package io.slipway.manager.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AesGcmSecretsTest {

    private static final AccessKey KEY = new AccessKey("AKIAONE");
    private static final byte[] SECRET = "sesame-sesame".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    private final AesGcmSecrets secrets = new AesGcmSecrets(new byte[32], new SecureRandom());

    @Test
    void opensWhatItSealed() {
        var sealed = secrets.seal(KEY, SECRET);
        assertArrayEquals(SECRET, secrets.open(KEY, sealed));
        assertFalse(sealed.contains("sesame"));
        assertNotEquals(sealed, secrets.seal(KEY, SECRET));
    }

    @Test
    void refusesWhatWasChangedOrMovedToAnotherKeypair() {
        var sealed = secrets.seal(KEY, SECRET);
        var flipped = sealed.substring(0, sealed.length() - 2) + (sealed.endsWith("AA") ? "BB" : "AA");
        for (var bad :
                new String[] {flipped, sealed + "A", "v1." + "00000000" + ".AAAA", "v2.a.b", "", "v1..", "plain"}) {
            assertRefused(KEY, bad);
        }
        assertRefused(new AccessKey("AKIATWO"), sealed);
    }

    private void assertRefused(AccessKey key, String sealed) {
        var failure = assertThrows(SlipwayException.class, () -> secrets.open(key, sealed), sealed);
        assertEquals(FailureCode.INTERNAL, failure.code());
    }

    @Test
    void namesTheKeyThatIsMissing() {
        var other = new byte[32];
        other[0] = 1;
        var sealed = new AesGcmSecrets(other, new SecureRandom()).seal(KEY, SECRET);
        var failure = assertThrows(SlipwayException.class, () -> secrets.open(KEY, sealed));
        assertTrue(String.valueOf(failure.getMessage()).contains("secret.key"), failure.getMessage());
    }

    @Test
    void makesTheKeyOnceAndForTheOwnerAlone() throws IOException {
        var file = home.resolve("etc/keys/secret.key");
        var first = HomeKey.of("", file, new SecureRandom());
        assertArrayEquals(first, HomeKey.of("", file, new SecureRandom()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    @Test
    void survivesKillWhileTheKeyWasMade() throws IOException {
        var file = home.resolve("secret.key");
        Files.writeString(home.resolve("secret.key.part"), "half");
        assertEquals(32, HomeKey.of("", file, new SecureRandom()).length);
    }

    @Test
    void refusesKeysThatOthersCanRead() throws IOException {
        var file = home.resolve("secret.key");
        var made = HomeKey.of("", file, new SecureRandom());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        var failure = assertThrows(IOException.class, () -> HomeKey.of("", file, new SecureRandom()));
        assertTrue(String.valueOf(failure.getMessage()).contains("chmod 600"), failure.getMessage());
        assertFalse(String.valueOf(failure.getMessage())
                .contains(Base64.getEncoder().encodeToString(made)));
    }

    @Test
    void prefersTheKeyOfTheEnvironment() throws IOException {
        var key = new byte[32];
        key[31] = (byte) 0xff;
        var text = Base64.getEncoder().encodeToString(key);
        assertArrayEquals(key, HomeKey.of(text, home.resolve("none"), new SecureRandom()));
        assertFalse(Files.exists(home.resolve("none")));
        for (var bad : new String[] {"short", "AAAA", "%%%%"}) {
            var failure = assertThrows(
                    IllegalArgumentException.class, () -> HomeKey.of(bad, home.resolve("none"), new SecureRandom()));
            assertTrue(String.valueOf(failure.getMessage()).contains("SLIPWAY_SECRET_KEY"));
        }
    }
}
