package io.slipway.manager.identity;

import io.slipway.manager.api.PasswordHashing;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Hashes passwords by PBKDF2 with HMAC-SHA-512, 210,000 rounds (the OWASP recommendation of 2023), a salt of 16 bytes and a
 * result of 32. Form: {@code pbkdf2-sha512$rounds$salt$hash}, so that rounds can be raised later.
 */
@Component
public final class Pbkdf2PasswordHashing implements PasswordHashing {

    private static final String FORM = "pbkdf2-sha512";
    private static final int ROUNDS = 210_000;
    private static final int MOST_ROUNDS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LONGEST = 1_024;

    private final RandomGenerator random;
    private final int rounds;

    /** Used by the component runtime. */
    @Activate
    public Pbkdf2PasswordHashing() {
        this(new SecureRandom(), ROUNDS);
    }

    Pbkdf2PasswordHashing(RandomGenerator random, int rounds) {
        this.random = random;
        this.rounds = rounds;
    }

    private record Hash(int rounds, String salt, String value) {}

    @Override
    public String hash(char[] password) {
        if (password.length == 0 || password.length > LONGEST) {
            throw new IllegalArgumentException(
                    "a password has 1 to " + LONGEST + " characters, not " + password.length);
        }
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var base64 = Base64.getEncoder().withoutPadding();
        return String.join(
                "$",
                FORM,
                String.valueOf(rounds),
                base64.encodeToString(salt),
                base64.encodeToString(derive(password, salt, rounds)));
    }

    @Override
    public boolean matches(char[] password, String hash) {
        var known = read(hash);
        var isPossible = known.isPresent() && password.length > 0 && password.length <= LONGEST;
        // computed in any case, so that the time tells nothing
        var expected = known.orElseGet(() -> new Hash(rounds, "AAAAAAAAAAAAAAAAAAAAAA", ""));
        var tried = derive(
                isPossible ? password : new char[] {'x'},
                Base64.getDecoder().decode(expected.salt()),
                expected.rounds());
        return MessageDigest.isEqual(tried, Base64.getDecoder().decode(expected.value())) && isPossible;
    }

    private static Optional<Hash> read(String hash) {
        var parts = hash.split("\\$", -1);
        if (parts.length != 4
                || !parts[0].equals(FORM)
                || !parts[1].matches("[0-9]{1,8}")
                || !parts[2].matches("[A-Za-z0-9+/]{22}")
                || !parts[3].matches("[A-Za-z0-9+/]{43}")) {
            return Optional.empty();
        }
        var rounds = Integer.parseInt(parts[1]);
        return rounds < 1 || rounds > MOST_ROUNDS
                ? Optional.empty()
                : Optional.of(new Hash(rounds, parts[2], parts[3]));
    }

    private static byte[] derive(char[] password, byte[] salt, int rounds) {
        var spec = new PBEKeySpec(password, salt, rounds, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA512", e);
        } finally {
            spec.clearPassword();
        }
    }
}
