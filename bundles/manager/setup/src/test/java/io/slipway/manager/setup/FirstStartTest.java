package io.slipway.manager.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.Secrets;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStartTest {

    /** Turns secrets around, so that a sealed one is no plain one. */
    private static final Secrets SECRETS = new Secrets() {
        @Override
        public String seal(AccessKey accessKey, byte[] secret) {
            return new StringBuilder(new String(secret, StandardCharsets.US_ASCII)).reverse() + "@" + accessKey;
        }

        @Override
        public byte[] open(AccessKey accessKey, String sealedSecret) {
            assertTrue(sealedSecret.endsWith("@" + accessKey));
            var turned = sealedSecret.substring(0, sealedSecret.indexOf('@'));
            return new StringBuilder(turned).reverse().toString().getBytes(StandardCharsets.US_ASCII);
        }
    };

    @TempDir
    Path home;

    private final MemoryIdentityStore store = new MemoryIdentityStore();
    private final List<AccessKey> forgotten = new ArrayList<>();
    private final InitialData data = new InitialData(
            store,
            SECRETS,
            forgotten::add,
            new SecureRandom(),
            () -> Instant.EPOCH,
            new InitialData.Wishes("admin@localhost", "user@localhost", List.of("local"), 0, 0));

    private ClientFile file() {
        return new ClientFile(home.resolve("client.env"), store, SECRETS, "local/python:3");
    }

    private Map<String, String> env() throws IOException {
        return Files.readAllLines(home.resolve("client.env")).stream()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
    }

    private KeypairRecord first(UserRole role) {
        return store.firstKeypairOf(role).orElseThrow();
    }

    @Test
    void storesFirstDataOnce() {
        assertTrue(data.store());
        assertFalse(data.store());
        var stored = store.populated.getFirst();
        assertEquals("default", stored.domain().name());
        assertEquals("default", stored.project().name());
        assertEquals("default", stored.resourceGroup());
        assertEquals("default", stored.policy().name());
        assertEquals(List.of("local"), stored.domain().allowedRegistries());
        assertTrue(first(UserRole.SUPERADMIN).isAdmin());
        assertFalse(first(UserRole.USER).isAdmin());
        for (var keypair : stored.keypairs()) {
            assertTrue(keypair.accessKey().value().matches("AKIA[A-Z2-7]{16}"), keypair.toString());
            assertEquals(keypair.accessKey(), keypair.user().mainAccessKey());
            assertTrue(new String(SECRETS.open(keypair.accessKey(), keypair.sealedSecret()), StandardCharsets.US_ASCII)
                    .matches("[A-Za-z0-9_-]{40}"));
            assertTrue(forgotten.contains(keypair.accessKey()));
        }
        assertNotEquals(
                first(UserRole.SUPERADMIN).accessKey(), first(UserRole.USER).accessKey());
    }

    @Test
    void writesWhatClientsReadForTheOwnerAlone() throws IOException {
        data.store();
        assertTrue(file().write(Endpoint.DEFAULT));
        var superadmin = first(UserRole.SUPERADMIN);
        var user = first(UserRole.USER);
        assertEquals(
                Map.of(
                        "BACKEND_ENDPOINT", "http://127.0.0.1:8091",
                        "BACKEND_ENDPOINT_TYPE", "api",
                        "BACKEND_ACCESS_KEY", superadmin.accessKey().value(),
                        "BACKEND_SECRET_KEY", secret(superadmin),
                        "USER_BACKEND_ACCESS_KEY", user.accessKey().value(),
                        "USER_BACKEND_SECRET_KEY", secret(user),
                        "SLIPWAY_DEMO_IMAGE", "local/python:3"),
                env());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("client.env"))));
        assertFalse(file().write(Endpoint.DEFAULT));
    }

    private static String secret(KeypairRecord keypair) {
        return new String(SECRETS.open(keypair.accessKey(), keypair.sealedSecret()), StandardCharsets.US_ASCII);
    }

    @Test
    void repairsAfterKillBetweenDataAndFile() throws IOException {
        data.store();
        Files.writeString(home.resolve("client.env.part"), "BACKEND_ENDPOINT=htt");
        assertTrue(file().write(Endpoint.DEFAULT));
        assertEquals(first(UserRole.SUPERADMIN).accessKey().value(), env().get("BACKEND_ACCESS_KEY"));
        assertFalse(Files.exists(home.resolve("client.env.part")));
    }

    @Test
    void followsThePortAndKeepsTheKeys() throws IOException {
        data.store();
        file().write(Endpoint.DEFAULT);
        var before = env();
        assertTrue(file().write(Endpoint.of("127.0.0.1", "9000")));
        assertEquals("http://127.0.0.1:9000", env().get("BACKEND_ENDPOINT"));
        assertEquals(before.get("BACKEND_SECRET_KEY"), env().get("BACKEND_SECRET_KEY"));
    }

    @Test
    void closesFileThatOthersCanRead() throws IOException {
        data.store();
        file().write(Endpoint.DEFAULT);
        Files.setPosixFilePermissions(home.resolve("client.env"), PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(file().write(Endpoint.DEFAULT));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("client.env"))));
    }

    @Test
    void writesNothingWithoutData() {
        assertThrows(IllegalStateException.class, () -> file().write(Endpoint.DEFAULT));
        assertFalse(Files.exists(home.resolve("client.env")));
    }

    @Test
    void readsEveryFormOfTheGatewaysAddress() {
        assertEquals(Endpoint.DEFAULT, Endpoint.of(null, null));
        assertEquals("http://127.0.0.1:80", Endpoint.of("0.0.0.0", 80).url());
        assertEquals("http://[::1]:80", Endpoint.of("::", "80").url());
        assertEquals("http://[fe80::1]:80", Endpoint.of("fe80::1", "80").url());
        assertEquals("http://box.example:8091", Endpoint.of("box.example", "").url());
        assertThrows(IllegalArgumentException.class, () -> Endpoint.of(null, "0"));
        assertThrows(IllegalArgumentException.class, () -> Endpoint.of(null, "many"));
    }
}
