package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.lib.http.HttpServerSettings;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.Credentials;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The real gateway over services that have one session in memory; prints its port. So the gateway's own cost is seen. */
public final class ReadServer {

    static final String ACCESS_KEY = "AKIABENCHBENCHBENCH1";
    static final String SECRET_KEY = "made-up-secret-key-of-the-benchmark-0001";
    static final String SESSION = "bench-0001";

    private ReadServer() {}

    /** Takes nothing. */
    public static void main(String[] args) throws Exception {
        var principal = new Principal(
                new AccessKey(ACCESS_KEY), new UUID(1, 2), "bench@example.org", "default", UserRole.USER, false);
        var session = session(principal);
        var sessions = only(SessionService.class, "get", session);
        var identities = only(IdentityService.class, "owner", principal.accessKey());
        var routes = new SessionRoutes(
                sessions,
                identities,
                url -> {},
                only(AgentDirectory.class, "find", Optional.empty()),
                InstantSource.system(),
                Duration.ofSeconds(10),
                Duration.ZERO);
        var gateway = new Gateway(
                HttpServerSettings.of("gateway", "127.0.0.1", 0),
                new OneKey(principal),
                List.of(),
                routes.routes(),
                new RequestCounts(),
                InstantSource.system());
        gateway.start();
        print("port " + gateway.port());
        Thread.currentThread().join();
    }

    /** Returns a service that has one answer to one method and fails on the others. */
    private static <T> T only(Class<T> type, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, args) -> {
            if (called.getName().equals(method)) {
                return answer;
            }
            throw new UnsupportedOperationException(called.getName());
        }));
    }

    private record OneKey(Principal principal) implements Credentials, Credentials.Credential {

        @Override
        public Optional<Credential> find(AccessKey accessKey) {
            return accessKey.equals(principal.accessKey()) ? Optional.of(this) : Optional.empty();
        }

        @Override
        public byte[] secret() {
            return SECRET_KEY.getBytes(UTF_8);
        }

        @Override
        public int rateLimit() {
            return 1_000_000_000;
        }

        @Override
        public List<String> allowedClientIps() {
            return List.of();
        }
    }

    private static SessionRecord session(Principal owner) {
        var now = Instant.now();
        var id = new SessionId(new UUID(3, 4));
        var slots = SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.ONE, SlotName.MEM, BigDecimal.valueOf(536_870_912)));
        var kernel = new KernelRecord(
                new KernelId(id.value()),
                id,
                ImageRef.parse("local/python:3", "x86_64"),
                "main",
                1,
                slots,
                slots,
                null,
                "8d9c2f0e7b6a",
                List.of(),
                KernelStatus.RUNNING,
                "",
                now,
                null,
                now,
                null);
        var details = new SessionDetails(
                SessionType.INTERACTIVE,
                10,
                ClusterMode.SINGLE_NODE,
                null,
                Map.of("LANG", "C.UTF-8"),
                Map.of("shmem", "64m"),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                List.of());
        return new SessionRecord(
                id,
                SESSION,
                owner.accessKey(),
                owner.userId(),
                owner.email(),
                owner.domain(),
                new UUID(5, 6),
                "default",
                "default",
                details,
                SessionStatus.RUNNING,
                "",
                now,
                SessionResult.UNDEFINED,
                0,
                now,
                now,
                null,
                List.of(kernel));
    }

    private static void print(String line) throws IOException {
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
