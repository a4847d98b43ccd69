package io.slipway.manager.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class Pbkdf2PasswordHashingTest {

    private final Pbkdf2PasswordHashing hashing = new Pbkdf2PasswordHashing(new SecureRandom(), 1_000);
    private final char[] password = "correct horse \u2713".toCharArray();

    @Test
    void knowsPasswordsByTheirHash() {
        var hash = hashing.hash(password);
        assertTrue(hash.startsWith("pbkdf2-sha512$1000$"));
        assertTrue(hashing.matches(password, hash));
        assertFalse(hashing.matches("correct horse".toCharArray(), hash));
        assertNotEquals(hash, hashing.hash(password));
    }

    @Test
    void goesOnReadingHashesOfOtherRounds() {
        assertTrue(new Pbkdf2PasswordHashing(new SecureRandom(), 2_000).matches(password, hashing.hash(password)));
    }

    @Test
    void nothingMatchesNoPassword() {
        for (var hash :
                new String[] {"", "pbkdf2-sha512", "pbkdf2-sha512$0$a$b", "x$y$z$w", "pbkdf2-sha512$99999999$"}) {
            assertFalse(hashing.matches(password, hash), hash);
            assertFalse(hashing.matches(new char[0], hash), hash);
        }
    }

    @Test
    void refusesEmptyAndEndlessPasswords() {
        assertThrows(IllegalArgumentException.class, () -> hashing.hash(new char[0]));
        assertThrows(IllegalArgumentException.class, () -> hashing.hash(new char[1_025]));
    }
}
