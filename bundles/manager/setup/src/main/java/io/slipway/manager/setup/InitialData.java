package io.slipway.manager.setup;

import io.slipway.manager.api.CredentialCache;
import io.slipway.manager.api.Secrets;
import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.FirstData;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The first data of an installation: a domain, a project, a keypair policy and a resource group, each named
 * {@code default}; a superadmin and a user, with random keypairs and no passwords.
 */
final class InitialData {

    private static final String DEFAULT = "default";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ACCESS_KEY_LETTERS = 16;
    /** Thirty bytes are forty letters of base64. */
    private static final int SECRET_BYTES = 30;

    private static final int MOST_CONTAINERS = 16;

    private final IdentityStore store;
    private final Secrets secrets;
    private final CredentialCache credentials;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Wishes wishes;

    /**
     * What an operator may choose.
     *
     * @param superadminEmail e-mail address of the superadmin
     * @param userEmail e-mail address of the user
     * @param allowedRegistries image registries that the domain may use
     * @param maxConcurrentSessions live sessions of a keypair, 0 for no limit
     * @param rateLimit requests per 15 minutes of a keypair, 0 for no limit
     */
    record Wishes(
            String superadminEmail,
            String userEmail,
            List<String> allowedRegistries,
            int maxConcurrentSessions,
            int rateLimit) {

        Wishes {
            allowedRegistries = List.copyOf(allowedRegistries);
        }
    }

    InitialData(
            IdentityStore store,
            Secrets secrets,
            CredentialCache credentials,
            RandomGenerator random,
            InstantSource clock,
            Wishes wishes) {
        this.store = store;
        this.secrets = secrets;
        this.credentials = credentials;
        this.random = random;
        this.clock = clock;
        this.wishes = wishes;
    }

    /** Stores the first data, all or nothing; returns false if there are data already. */
    boolean store() {
        if (store.firstKeypairOf(UserRole.SUPERADMIN).isPresent()) {
            return false;
        }
        var now = clock.instant();
        var keypairs = List.of(
                keypair(wishes.superadminEmail(), "admin", "Administrator", UserRole.SUPERADMIN, now),
                // the first of a role is found by time of creation
                keypair(wishes.userEmail(), "user", "User", UserRole.USER, now.plusMillis(1)));
        var isStored = store.populate(new FirstData(
                new DomainRecord(DEFAULT, true, SlotAmounts.NONE, wishes.allowedRegistries()),
                new ProjectRecord(UUID.randomUUID(), DEFAULT, DEFAULT, true, SlotAmounts.NONE),
                DEFAULT,
                new KeypairPolicy(DEFAULT, SlotAmounts.NONE, true, wishes.maxConcurrentSessions(), MOST_CONTAINERS, 0),
                keypairs));
        keypairs.forEach(keypair -> credentials.forget(keypair.accessKey()));
        return isStored;
    }

    private KeypairRecord keypair(String email, String username, String fullName, UserRole role, Instant now) {
        var accessKey = new AccessKey(accessKey());
        var user = new UserRecord(
                UUID.randomUUID(),
                email,
                username,
                fullName,
                "",
                DEFAULT,
                role,
                UserStatus.ACTIVE,
                List.of(),
                accessKey,
                now);
        return new KeypairRecord(
                accessKey,
                sealedSecret(accessKey),
                user,
                true,
                role == UserRole.SUPERADMIN,
                DEFAULT,
                wishes.rateLimit(),
                now,
                null);
    }

    private String accessKey() {
        var key = new StringBuilder("AKIA");
        for (var i = 0; i < ACCESS_KEY_LETTERS; i++) {
            key.append(BASE32.charAt(random.nextInt(BASE32.length())));
        }
        return key.toString();
    }

    private String sealedSecret(AccessKey accessKey) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        var secret =
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).getBytes(StandardCharsets.US_ASCII);
        try {
            return secrets.seal(accessKey, secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
