package io.slipway.manager.setup;

import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.FirstData;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.policy.KeypairPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** First data in memory. */
final class MemoryIdentityStore implements IdentityStore {

    final List<FirstData> populated = new ArrayList<>();

    @Override
    public boolean populate(FirstData data) {
        if (!populated.isEmpty()) {
            return false;
        }
        populated.add(data);
        return true;
    }

    @Override
    public Optional<KeypairRecord> firstKeypairOf(UserRole role) {
        return populated.stream()
                .flatMap(data -> data.keypairs().stream())
                .filter(keypair -> keypair.user().role() == role)
                .min(Comparator.comparing(keypair -> keypair.user().createdAt()));
    }

    @Override
    public Optional<KeypairRecord> keypair(AccessKey accessKey) {
        return Optional.empty();
    }

    @Override
    public Map<UUID, String> fullNames(Collection<UUID> users) {
        throw new AssertionError("nobody asks for names here");
    }

    @Override
    public List<KeypairRecord> keypairsOf(UUID user) {
        return List.of();
    }

    @Override
    public Optional<DomainRecord> domain(String name) {
        return Optional.empty();
    }

    @Override
    public List<ProjectRecord> projectsOf(UUID user) {
        return List.of();
    }

    @Override
    public Optional<ProjectRecord> project(String domain, String name) {
        return Optional.empty();
    }

    @Override
    public Optional<ProjectRecord> project(UUID id) {
        return Optional.empty();
    }

    @Override
    public Set<String> resourceGroups(String domain, UUID project) {
        return Set.of();
    }

    @Override
    public Optional<KeypairPolicy> keypairPolicy(String name) {
        return Optional.empty();
    }
}
