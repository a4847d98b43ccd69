package io.slipway.manager.api;

import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.policy.KeypairPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Questions about users, keypairs, projects and policies. Thread-safe; calls block. */
@ProviderType
public interface IdentityService {

    /**
     * Returns a keypair.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND (object {@code keypair}); FORBIDDEN if the caller may not
     *     see it
     */
    KeypairRecord keypair(Principal caller, AccessKey accessKey);

    /**
     * Returns the access key that a call counts for: the caller's own, or another's if the caller may act for it.
     *
     * @param requested the {@code owner_access_key} of the request, if any
     * @throws io.slipway.model.failure.SlipwayException INVALID_PARAMETERS for an unknown key, FORBIDDEN if the caller may
     *     not act for it
     */
    AccessKey owner(Principal caller, Optional<String> requested);

    /** Returns the full names of those of some users that exist; one query for all. What callers may see is their duty. */
    Map<UUID, String> fullNames(Collection<UUID> users);

    /** Returns the caller's projects, sorted by name. */
    List<ProjectRecord> projects(Principal caller);

    /**
     * Returns a project by id or name.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND (object {@code user group (or project)}) if there is none
     *     or the caller is neither its member nor an administrator of its domain
     */
    ProjectRecord project(Principal caller, String idOrName);

    /** Returns the resource groups that a project may use, sorted. */
    Set<String> resourceGroups(ProjectRecord project);

    /** Returns a keypair policy. */
    Optional<KeypairPolicy> policy(String name);

    /**
     * Returns the installation's first superadmin, for whom the operator's shell acts.
     *
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE before the first data are stored
     */
    Principal operator();
}
