package io.slipway.manager.gateway;

import io.slipway.agent.api.Agent;
import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.Credentials;
import io.slipway.manager.api.GraphQlExecutor;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Small stand-ins for the services around the gateway, in memory. */
final class Fakes {

    static final UUID PROJECT = new UUID(1, 1);
    static final TestKey SUPERADMIN = key("AKIAROOTROOTROOTROOT", UserRole.SUPERADMIN, true);
    static final TestKey USER = key("AKIAUSERUSERUSERUSER", UserRole.USER, false);
    static final TestKey OTHER = key("AKIAOTHEROTHEROTHER1", UserRole.USER, false);

    private Fakes() {}

    /**
     * A keypair.
     *
     * @param principal whose it is
     * @param text its secret half
     */
    record TestKey(Principal principal, String text) {

        String accessKey() {
            return principal.accessKey().value();
        }
    }

    /** Returns the same keypair of somebody who has become an ordinary user. */
    static TestKey degraded(TestKey key) {
        var was = key.principal();
        var now = new Principal(was.accessKey(), was.userId(), was.email(), was.domain(), UserRole.USER, false);
        return new TestKey(now, key.text());
    }

    private static TestKey key(String accessKey, UserRole role, boolean isAdmin) {
        var id = UUID.nameUUIDFromBytes(accessKey.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var principal =
                new Principal(new AccessKey(accessKey), id, accessKey + "@example.org", "default", role, isAdmin);
        return new TestKey(principal, "made-up-secret-of-" + accessKey);
    }

    /** Keypairs. */
    static final class Keys implements Credentials {

        final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
        final AtomicInteger lookups = new AtomicInteger();

        Keys() {
            for (var key : List.of(SUPERADMIN, USER, OTHER)) {
                put(key, 0, List.of());
            }
        }

        void put(TestKey key, int rateLimit, List<String> networks) {
            var secret = key.text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            entries.put(key.accessKey(), new Entry(key.principal(), secret, rateLimit, networks));
        }

        @Override
        public Optional<Credential> find(AccessKey accessKey) {
            var found = Optional.<Credential>ofNullable(entries.get(accessKey.value()));
            lookups.incrementAndGet();
            return found;
        }

        @SuppressWarnings("ArrayRecordComponent") // the interface has an array
        record Entry(Principal principal, byte[] secret, int rateLimit, List<String> allowedClientIps)
                implements Credential {}
    }

    /** Users and projects. */
    static final class Identities implements IdentityService {

        @Override
        public KeypairRecord keypair(Principal caller, AccessKey accessKey) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AccessKey owner(Principal caller, Optional<String> requested) {
            if (requested.isEmpty() || requested.get().equals(caller.accessKey().value())) {
                return caller.accessKey();
            }
            if (!List.of(USER.accessKey(), OTHER.accessKey()).contains(requested.get())) {
                throw SlipwayException.invalid("owner_access_key", "unknown");
            }
            if (!caller.isSuperadmin()) {
                throw new SlipwayException(FailureCode.FORBIDDEN, "You may not act for this access key");
            }
            return new AccessKey(requested.get());
        }

        @Override
        public Map<UUID, String> fullNames(Collection<UUID> users) {
            throw new AssertionError("REST shows no names");
        }

        @Override
        public List<ProjectRecord> projects(Principal caller) {
            return List.of();
        }

        @Override
        public ProjectRecord project(Principal caller, String idOrName) {
            if (!idOrName.equals("default") && !idOrName.equals(PROJECT.toString())) {
                throw SlipwayException.notFound("user group (or project)", "Project " + idOrName + " not found");
            }
            return Samples.project();
        }

        @Override
        public Set<String> resourceGroups(ProjectRecord project) {
            return Set.of("gpu", "default");
        }

        @Override
        public Optional<KeypairPolicy> policy(String name) {
            return Optional.empty();
        }

        @Override
        public Principal operator() {
            return SUPERADMIN.principal();
        }
    }

    /** Agents. */
    static final class Agents implements AgentDirectory {

        /** The only one, if there is any. */
        volatile @Nullable AgentView only;

        @Override
        public List<AgentView> agents() {
            return List.of();
        }

        @Override
        public Optional<AgentView> find(AgentId agent) {
            return Optional.ofNullable(only).filter(view -> view.record().id().equals(agent));
        }

        @Override
        public Optional<Agent> connect(AgentId agent) {
            return Optional.empty();
        }

        @Override
        public Map<SlotName, SlotType> slotTypes() {
            return Map.of(
                    SlotName.CPU,
                    SlotType.COUNT,
                    SlotName.MEM,
                    SlotType.BYTES,
                    new SlotName("cuda.device"),
                    SlotType.COUNT);
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }
    }

    /** Shared configuration. */
    static final class Config implements SharedConfig {

        final ConcurrentMap<String, String> pairs = new ConcurrentHashMap<>();

        @Override
        public Optional<String> get(String key) {
            return Optional.ofNullable(pairs.get(key));
        }

        @Override
        public SortedMap<String, String> list(String prefix) {
            return new TreeMap<>(pairs);
        }

        @Override
        public void put(Map<String, String> further) {
            pairs.putAll(further);
        }

        @Override
        public long delete(String key, boolean prefix) {
            return pairs.remove(key) == null ? 0 : 1;
        }

        @Override
        public AutoCloseable watch(String prefix, BiConsumer<String, Optional<String>> listener) {
            return () -> {};
        }

        @Override
        public Optional<Long> acquireLease(String name, String owner, Duration timeToLive) {
            return Optional.empty();
        }

        @Override
        public void releaseLease(String name, String owner) {
            throw new UnsupportedOperationException();
        }
    }

    /** Answers every query with what it was asked. */
    static final class GraphQl implements GraphQlExecutor {

        @Override
        public Map<String, Object> execute(
                Principal caller, String query, Map<String, Object> variables, @Nullable String operationName) {
            if (query.contains("broken")) {
                return Map.of("errors", List.of(Map.of("message", "broken indeed")));
            }
            return Map.of(
                    "data",
                    Map.of(
                            "query",
                            query,
                            "variables",
                            variables,
                            "operation",
                            String.valueOf(operationName),
                            "caller",
                            caller.accessKey().value()));
        }
    }
}
