package io.slipway.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachedCredentialsTest {

    private static final AccessKey KEY = new AccessKey("AKIAONE");

    private final MemoryIdentityStore store = new MemoryIdentityStore();
    private final AesGcmSecrets secrets = new AesGcmSecrets(new byte[32], new SecureRandom());
    private final AtomicLong ticks = new AtomicLong();
    private final CachedCredentials credentials = new CachedCredentials(store, secrets, ticks::get);

    @BeforeEach
    void addKeypair() {
        store.add("AKIAONE", "default", UserRole.USER, false, secrets.seal(KEY, "s3".getBytes(StandardCharsets.UTF_8)));
    }

    private void pass(Duration time) {
        ticks.addAndGet(time.toNanos());
    }

    private void replace(boolean isActive, UserStatus status, AccessKey mainKey) {
        var before = store.keypairs.get(KEY);
        var user = before.user();
        var changed = new UserRecord(
                user.id(),
                user.email(),
                user.username(),
                "",
                "",
                user.domain(),
                user.role(),
                status,
                user.allowedClientIps(),
                mainKey,
                user.createdAt());
        store.keypairs.put(
                KEY,
                new KeypairRecord(
                        KEY,
                        before.sealedSecret(),
                        changed,
                        isActive,
                        false,
                        "default",
                        100,
                        before.createdAt(),
                        null));
    }

    @Test
    void opensSecretOnceForManyRequests() {
        for (var i = 0; i < 10; i++) {
            var found = credentials.find(KEY).orElseThrow();
            assertEquals("s3", new String(found.secret(), StandardCharsets.UTF_8));
            assertEquals(100, found.rateLimit());
            assertEquals(List.of("10.0.0.0/8"), found.allowedClientIps());
            assertEquals(UserRole.USER, found.principal().role());
        }
        assertEquals(1, store.looks.get());
    }

    @Test
    void callersCannotChangeWhatIsRemembered() {
        credentials.find(KEY).orElseThrow().secret()[0] = 0;
        assertEquals("s3", new String(credentials.find(KEY).orElseThrow().secret(), StandardCharsets.UTF_8));
    }

    @Test
    void forgetsWhenToldAndByItself() {
        assertTrue(credentials.find(KEY).isPresent());
        replace(false, UserStatus.ACTIVE, KEY);
        assertTrue(credentials.find(KEY).isPresent());
        credentials.forget(KEY);
        assertFalse(credentials.find(KEY).isPresent());
        replace(true, UserStatus.ACTIVE, KEY);
        pass(Duration.ofSeconds(3));
        assertTrue(credentials.find(KEY).isPresent());
        replace(false, UserStatus.ACTIVE, KEY);
        pass(Duration.ofSeconds(16));
        assertFalse(credentials.find(KEY).isPresent());
    }

    @Test
    void asksOnceForUnknownKeysOfAGuesser() {
        for (var i = 0; i < 10; i++) {
            assertTrue(credentials.find(new AccessKey("AKIANONE")).isEmpty());
        }
        assertEquals(1, store.looks.get());
    }

    @Test
    void onlyActiveMainKeysOfActiveUsersSign() {
        replace(true, UserStatus.INACTIVE, KEY);
        assertTrue(credentials.find(KEY).isEmpty());
        credentials.forget(KEY);
        replace(true, UserStatus.ACTIVE, new AccessKey("AKIAOTHER"));
        assertTrue(credentials.find(KEY).isEmpty());
        credentials.forget(KEY);
        replace(true, UserStatus.ACTIVE, KEY);
        assertTrue(credentials.find(KEY).isPresent());
    }

    @Test
    void showsNoSecret() {
        assertFalse(credentials.find(KEY).orElseThrow().toString().contains("s3"));
    }
}
