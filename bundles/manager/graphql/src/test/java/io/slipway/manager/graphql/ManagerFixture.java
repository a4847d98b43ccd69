package io.slipway.manager.graphql;

import io.slipway.agent.api.KernelUse;
import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.CreatedSession;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.Page;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A manager in memory: what the engine asks for, without a database. */
final class ManagerFixture {

    static final Principal USER = principal("AKIAUSER", UserRole.USER);
    static final Principal ADMIN = principal("AKIAADMIN", UserRole.SUPERADMIN);
    private static final UUID OTHER = new UUID(0, 8);
    static final AgentId AGENT = new AgentId("i-one");
    static final KernelUse USE =
            new KernelUse(1_500, new BigDecimal("50.00"), new BigDecimal(200), 1_024, 2_048, 4_096, 1, 2, 3, 4);
    static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    private ManagerFixture() {}

    static GraphQlEngine engine(Sessions sessions) {
        return engine(sessions, Map.of());
    }

    static GraphQlEngine engine(Sessions sessions, Map<String, String> settings) {
        return new GraphQlEngine(
                sessions,
                new Identity(),
                new Surroundings.OneAgent(sessions),
                new Surroundings.NoImages(),
                new Surroundings.NothingScheduled(),
                new Surroundings.Tasks(),
                config(settings));
    }

    private static SharedConfig config(Map<String, String> settings) {
        return (SharedConfig) Proxy.newProxyInstance(
                ManagerFixture.class.getClassLoader(),
                new Class<?>[] {SharedConfig.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "get" -> Optional.ofNullable(settings.get((String) arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    static Map<?, ?> field(Map<String, Object> answer, String name) {
        return (Map<?, ?>) ((Map<?, ?>) answer.get("data")).get(name);
    }

    static SessionRecord session(String name, Principal owner, SessionStatus status) {
        return session(name, owner, status, List.of());
    }

    static SessionRecord session(String name, Principal owner, SessionStatus status, List<SessionId> dependencies) {
        var id = new SessionId(UUID.randomUUID());
        var kernel = new KernelRecord(
                new KernelId(UUID.randomUUID()),
                id,
                ImageRef.parse("local/python:3", "x86_64"),
                "main",
                1,
                SlotAmounts.NONE,
                SlotAmounts.NONE,
                status == SessionStatus.RUNNING ? AGENT : null,
                "",
                List.of(),
                KernelStatus.valueOf(status.name()),
                "",
                THEN,
                null,
                THEN,
                null);
        var details = new SessionDetails(
                SessionType.INTERACTIVE,
                10,
                ClusterMode.SINGLE_NODE,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                dependencies);
        return new SessionRecord(
                id,
                name,
                owner.accessKey(),
                owner.userId(),
                owner.email(),
                owner.domain(),
                UUID.randomUUID(),
                "default",
                "default",
                details,
                status,
                "",
                THEN,
                SessionResult.UNDEFINED,
                0,
                THEN,
                null,
                null,
                List.of(kernel));
    }

    private static Principal principal(String key, UserRole role) {
        return new Principal(
                new AccessKey(key),
                UUID.randomUUID(),
                key + "@example.org",
                "default",
                role,
                role == UserRole.SUPERADMIN);
    }

    /** Sessions in a list; every query returns all of them and is remembered. */
    static final class Sessions implements SessionService {

        final List<SessionRecord> stored = new ArrayList<>();
        final List<Integer> batches = new ArrayList<>();
        private final List<SessionQuery> queries = new ArrayList<>();

        SessionQuery lastQuery() {
            return queries.getLast();
        }

        @Override
        public List<SessionRecord> followers(SessionRecord session) {
            return List.of();
        }

        @Override
        public Page<SessionRecord> list(SessionQuery query) {
            queries.add(query);
            return new Page<>(stored, stored.size());
        }

        @Override
        public Optional<SessionRecord> find(SessionId session) {
            return stored.stream().filter(known -> known.id().equals(session)).findFirst();
        }

        @Override
        public Map<SessionId, SessionRecord> findAll(Collection<SessionId> wanted) {
            batches.add(wanted.size());
            return stored.stream()
                    .filter(known -> wanted.contains(known.id()))
                    .collect(Collectors.toMap(SessionRecord::id, Function.identity()));
        }

        @Override
        public Map<SessionId, List<HistoryEntry>> histories(Collection<SessionId> wanted) {
            batches.add(wanted.size());
            return wanted.stream()
                    .collect(Collectors.toMap(
                            Function.identity(),
                            id -> List.of(
                                    new HistoryEntry("session", "", "PENDING", "", THEN),
                                    new HistoryEntry("kernel:1", "PENDING", "SCHEDULED", "", THEN))));
        }

        @Override
        public Map<AgentId, List<KernelRecord>> kernelsByAgent() {
            batches.add(1);
            return stored.stream()
                    .flatMap(session -> session.kernels().stream())
                    .filter(kernel -> kernel.agent() != null)
                    .collect(Collectors.groupingBy(kernel -> Objects.requireNonNull(kernel.agent())));
        }

        @Override
        public CreatedSession create(Principal caller, AccessKey owner, CreateSession request) {
            throw new AssertionError("GraphQL creates no sessions");
        }

        @Override
        public SessionRecord awaitStarted(SessionId session, Duration limit) {
            throw new AssertionError("GraphQL waits for nothing");
        }

        @Override
        public SessionRecord awaitLeft(SessionId session, Set<SessionStatus> states, Duration limit) {
            throw new AssertionError("GraphQL waits for nothing");
        }

        @Override
        public SessionRecord get(AccessKey owner, String reference, boolean alsoDead) {
            throw new AssertionError("GraphQL asks by id");
        }

        @Override
        public List<SessionRecord> match(AccessKey owner, String reference) {
            throw new AssertionError("GraphQL asks by id");
        }

        @Override
        public SessionRecord destroy(Principal caller, AccessKey owner, String reference, boolean forced) {
            throw new AssertionError("GraphQL destroys nothing");
        }

        @Override
        public SessionRecord restart(Principal caller, AccessKey owner, String reference) {
            throw new AssertionError("GraphQL restarts nothing");
        }

        @Override
        public void rename(AccessKey owner, String reference, String name) {
            throw new AssertionError("GraphQL renames nothing");
        }

        @Override
        public String logs(AccessKey owner, String reference, Optional<String> kernelId) {
            throw new AssertionError("GraphQL shows no logs");
        }
    }

    private record Identity() implements IdentityService {

        @Override
        public KeypairRecord keypair(Principal caller, AccessKey accessKey) {
            var isOwn = accessKey.equals(caller.accessKey());
            var user = new UserRecord(
                    isOwn ? caller.userId() : OTHER,
                    isOwn ? caller.email() : "other@example.org",
                    "user",
                    "A User",
                    "sealed-hash",
                    "default",
                    caller.role(),
                    UserStatus.ACTIVE,
                    List.of(),
                    accessKey,
                    THEN);
            return new KeypairRecord(accessKey, "sealed-secret", user, true, false, "default", 1000, THEN, null);
        }

        @Override
        public AccessKey owner(Principal caller, Optional<String> requested) {
            return caller.accessKey();
        }

        @Override
        public Map<UUID, String> fullNames(Collection<UUID> users) {
            return users.stream().collect(Collectors.toMap(Function.identity(), id -> "A User"));
        }

        @Override
        public List<ProjectRecord> projects(Principal caller) {
            var name = caller.userId().equals(OTHER) ? "of-the-other" : "default";
            return List.of(new ProjectRecord(UUID.randomUUID(), name, "default", true, SlotAmounts.NONE));
        }

        @Override
        public ProjectRecord project(Principal caller, String idOrName) {
            return projects(caller).getFirst();
        }

        @Override
        public Set<String> resourceGroups(ProjectRecord project) {
            return Set.of("default");
        }

        @Override
        public Optional<KeypairPolicy> policy(String name) {
            return Optional.empty();
        }

        @Override
        public Principal operator() {
            return ADMIN;
        }
    }
}
