package io.slipway.manager.store;

import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.policy.KeypairPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Users, keypairs, domains, projects and policies. Thread-safe; calls block; see {@link SessionStore} for failures. */
@ProviderType
public interface IdentityStore {

    /** Returns a keypair with its user and policy. */
    Optional<KeypairRecord> keypair(AccessKey accessKey);

    /** Returns the keypairs of a user, oldest first. */
    List<KeypairRecord> keypairsOf(UUID user);

    /** Returns the main keypair of the first active user of a role, by time of creation. */
    Optional<KeypairRecord> firstKeypairOf(UserRole role);

    /** Returns the full names of those of some users that exist; for batch loading. */
    Map<UUID, String> fullNames(Collection<UUID> users);

    /** Returns a domain. */
    Optional<DomainRecord> domain(String name);

    /** Returns the projects of a user, sorted by name. */
    List<ProjectRecord> projectsOf(UUID user);

    /** Returns a project by domain and name. */
    Optional<ProjectRecord> project(String domain, String name);

    /** Returns a project. */
    Optional<ProjectRecord> project(UUID id);

    /** Returns the active resource groups that a project of a domain may use, sorted. */
    Set<String> resourceGroups(String domain, UUID project);

    /** Returns a keypair policy. */
    Optional<KeypairPolicy> keypairPolicy(String name);

    /**
     * Stores the first data of an installation, or does nothing if there is a user already.
     *
     * @return whether it was stored
     */
    boolean populate(FirstData data);
}
