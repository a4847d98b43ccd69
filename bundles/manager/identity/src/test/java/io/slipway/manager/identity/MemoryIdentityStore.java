package io.slipway.manager.identity;

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
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Users in memory. */
final class MemoryIdentityStore implements IdentityStore {

    final Map<AccessKey, KeypairRecord> keypairs = new HashMap<>();
    final Map<UUID, List<ProjectRecord>> memberships = new HashMap<>();
    final Map<UUID, ProjectRecord> projects = new HashMap<>();
    final AtomicInteger looks = new AtomicInteger();

    KeypairRecord add(String key, String domain, UserRole role, boolean isAdmin, String sealedSecret) {
        var accessKey = new AccessKey(key);
        var user = new UserRecord(
                UUID.randomUUID(),
                key + "@example.org",
                key,
                "",
                "",
                domain,
                role,
                UserStatus.ACTIVE,
                List.of("10.0.0.0/8"),
                accessKey,
                Instant.EPOCH);
        var keypair =
                new KeypairRecord(accessKey, sealedSecret, user, true, isAdmin, "default", 100, Instant.EPOCH, null);
        keypairs.put(accessKey, keypair);
        return keypair;
    }

    ProjectRecord addProject(String domain, String name) {
        var project = new ProjectRecord(UUID.randomUUID(), name, domain, true, SlotAmounts.NONE);
        projects.put(project.id(), project);
        return project;
    }

    @Override
    public Optional<KeypairRecord> keypair(AccessKey accessKey) {
        looks.incrementAndGet();
        return Optional.ofNullable(keypairs.get(accessKey));
    }

    @Override
    public Map<UUID, String> fullNames(Collection<UUID> users) {
        throw new AssertionError("nobody asks for names here");
    }

    @Override
    public List<KeypairRecord> keypairsOf(UUID user) {
        return keypairs.values().stream()
                .filter(keypair -> keypair.user().id().equals(user))
                .toList();
    }

    @Override
    public Optional<KeypairRecord> firstKeypairOf(UserRole role) {
        return keypairs.values().stream()
                .filter(keypair -> keypair.user().role() == role)
                .findFirst();
    }

    @Override
    public Optional<DomainRecord> domain(String name) {
        return Optional.empty();
    }

    @Override
    public List<ProjectRecord> projectsOf(UUID user) {
        return memberships.getOrDefault(user, List.of());
    }

    @Override
    public Optional<ProjectRecord> project(String domain, String name) {
        return projects.values().stream()
                .filter(project ->
                        project.domain().equals(domain) && project.name().equals(name))
                .findFirst();
    }

    @Override
    public Optional<ProjectRecord> project(UUID id) {
        return Optional.ofNullable(projects.get(id));
    }

    @Override
    public Set<String> resourceGroups(String domain, UUID project) {
        return Set.of("default");
    }

    @Override
    public Optional<KeypairPolicy> keypairPolicy(String name) {
        return Optional.empty();
    }

    @Override
    public boolean populate(FirstData data) {
        return false;
    }
}
