package io.slipway.manager.session;

import io.slipway.agent.api.Agent;
import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.FirstData;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import io.slipway.model.image.Image;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What stands around the sessions in tests: a user, a project, an image, agents in memory, plain policies, leases. */
final class Town {

    static final String GROUP = "default";
    static final Principal USER = new Principal(
            new AccessKey("AKIATESTUSER"), new UUID(9, 1), "user@example.org", "default", UserRole.SUPERADMIN, true);
    static final ProjectRecord PROJECT =
            new ProjectRecord(new UUID(9, 2), "default", "default", true, SlotAmounts.NONE);
    static final Map<SlotName, SlotType> TYPES = Map.of(SlotName.CPU, SlotType.COUNT, SlotName.MEM, SlotType.BYTES);

    private static final AtomicLong TOKENS = new AtomicLong();

    private Town() {}

    static void populate(OpenStores stores, List<AgentRecord> agents) {
        var user = new UserRecord(
                USER.userId(),
                USER.email(),
                "user",
                "",
                "",
                "default",
                UserRole.SUPERADMIN,
                UserStatus.ACTIVE,
                List.of(),
                USER.accessKey(),
                Samples.THEN);
        var keypair = new KeypairRecord(USER.accessKey(), "", user, true, true, "open", 0, Samples.THEN, null);
        stores.identities()
                .populate(new FirstData(
                        new DomainRecord("default", true, SlotAmounts.NONE, List.of("docker.io")),
                        PROJECT,
                        GROUP,
                        new KeypairPolicy("open", SlotAmounts.NONE, true, 0, 100, 0),
                        List.of(keypair)));
        agents.forEach(agent -> stores.agents().save(agent));
    }

    static AgentRecord agent(String id, int cores) {
        return new AgentRecord(
                new AgentId(id),
                AgentStatus.ALIVE,
                GROUP,
                true,
                "local",
                "1",
                "x86_64",
                TYPES,
                List.of(
                        new DeviceCapacity(new DeviceId("cores"), SlotName.CPU, BigDecimal.valueOf(cores), true, -1),
                        new DeviceCapacity(
                                new DeviceId("memory"), SlotName.MEM, BigDecimal.valueOf(1L << 40), true, -1)),
                Map.of(),
                Map.of(),
                Samples.THEN,
                null);
    }

    static CreateSession wish(String name, int cores, int kernels, ClusterMode mode) {
        return new CreateSession(
                name,
                Samples.IMAGE.canonical(),
                "x86_64",
                SessionType.INTERACTIVE,
                10,
                null,
                "default",
                null,
                kernels,
                mode,
                null,
                true,
                Map.of(),
                Map.of("cpu", Integer.toString(cores), "mem", "256m"),
                Map.of(),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                List.of());
    }

    /**
     * A batch job that wishes for one core.
     *
     * @param startsAt as a client writes it, or null: at once
     * @param dependencies names or ids of those that it follows
     */
    static CreateSession job(String name, @Nullable String startsAt, String... dependencies) {
        var plain = wish(name, 1, 1, ClusterMode.SINGLE_NODE);
        return new CreateSession(
                name,
                plain.image(),
                plain.architecture(),
                SessionType.BATCH,
                10,
                null,
                plain.project(),
                null,
                1,
                ClusterMode.SINGLE_NODE,
                null,
                true,
                Map.of(),
                plain.resources(),
                Map.of(),
                List.of(),
                "true",
                null,
                null,
                0,
                startsAt,
                List.of(dependencies));
    }

    static ImageCatalog images() {
        var image =
                new Image(new UUID(9, 3), Samples.IMAGE, "sha256:0", 0, Map.of(), List.of("python"), SlotAmounts.NONE);
        return new ImageCatalog() {
            @Override
            public Image resolve(String nameOrAlias, String architecture) {
                return image;
            }

            @Override
            public List<Image> images() {
                return List.of(image);
            }
        };
    }

    /** Answers about the one project; anything else is a mistake of the test. */
    static IdentityService identities() {
        return (IdentityService) Proxy.newProxyInstance(
                Town.class.getClassLoader(),
                new Class<?>[] {IdentityService.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "project" -> PROJECT;
                    case "resourceGroups" -> Set.of(GROUP);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** Nothing is set; whoever was started last gets every lease, as if the one before had died. */
    static SharedConfig config(String owner) {
        var token = TOKENS.incrementAndGet();
        return (SharedConfig) Proxy.newProxyInstance(
                Town.class.getClassLoader(),
                new Class<?>[] {SharedConfig.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "get" -> Optional.empty();
                    case "acquireLease" -> Optional.of(token);
                    case "releaseLease" -> null;
                    default -> throw new UnsupportedOperationException(method.getName() + " by " + owner);
                });
    }

    static Plugins plugins() {
        SequencingPolicy fifo = usage -> Comparator.comparing(PendingSession::createdAt)
                .thenComparing(session -> session.session().value());
        AgentSelector first =
                (request, candidates) -> Optional.of(candidates.getFirst().agent());
        return new Plugins() {
            @Override
            public <T> PluginSet<T> set(Class<T> spi) {
                return new OnePlugin<>(spi.cast(spi == SequencingPolicy.class ? fifo : first));
            }

            @Override
            public List<PluginStatus> statuses() {
                return List.of();
            }
        };
    }

    private record OnePlugin<T>(T service) implements PluginSet<T> {

        @Override
        public SortedSet<PluginId> ids() {
            return new TreeSet<>(List.of(new PluginId("one")));
        }

        @Override
        public Optional<Lease<T>> find(PluginId id) {
            return Optional.of(lease(id));
        }

        @Override
        public Lease<T> lease(PluginId id) {
            return new Lease<>() {
                @Override
                public T get() {
                    return service;
                }

                @Override
                public PluginId id() {
                    return id;
                }

                @Override
                public String version() {
                    return "1";
                }

                @Override
                public void close() {
                    // counts nothing
                }
            };
        }

        @Override
        public List<Lease<T>> leaseAll() {
            return List.of(lease(new PluginId("one")));
        }
    }

    /** Agents in memory, each there or away. */
    static final class Directory implements AgentDirectory {

        private final Map<AgentId, AgentRecord> records = new LinkedHashMap<>();
        private final Map<AgentId, Agent> connections = new ConcurrentHashMap<>();
        private final Set<AgentId> away = ConcurrentHashMap.newKeySet();

        void add(AgentRecord record, Agent agent) {
            records.put(record.id(), record);
            connections.put(record.id(), agent);
        }

        void away(AgentId agent, boolean isAway) {
            if (isAway) {
                away.add(agent);
            } else {
                away.remove(agent);
            }
        }

        @Override
        public List<AgentView> agents() {
            return records.keySet().stream().flatMap(id -> find(id).stream()).toList();
        }

        @Override
        public Optional<AgentView> find(AgentId agent) {
            return Optional.ofNullable(records.get(agent))
                    .map(record -> new AgentView(withStatus(record), Map.of(), List.of()));
        }

        private AgentRecord withStatus(AgentRecord record) {
            var status = away.contains(record.id()) ? AgentStatus.LOST : AgentStatus.ALIVE;
            return new AgentRecord(
                    record.id(),
                    status,
                    record.resourceGroup(),
                    true,
                    record.address(),
                    record.version(),
                    record.architecture(),
                    record.slotTypes(),
                    record.devices(),
                    Map.of(),
                    Map.of(),
                    record.firstContact(),
                    null);
        }

        @Override
        public Optional<Agent> connect(AgentId agent) {
            return away.contains(agent) ? Optional.empty() : Optional.ofNullable(connections.get(agent));
        }

        @Override
        public Map<SlotName, SlotType> slotTypes() {
            return TYPES;
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }
    }

    /** A clock that stands still until it is moved. */
    static final class Clock implements InstantSource {

        private Instant now = Samples.THEN;

        @Override
        public synchronized Instant instant() {
            return now;
        }

        synchronized void forward(Duration duration) {
            now = now.plus(duration);
        }
    }
}
