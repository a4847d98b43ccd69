package io.slipway.manager.identity;

import io.slipway.manager.api.IdentityService;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.policy.KeypairPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers questions about users from the store, by the rules of roles. Thread-safe. */
@Component
public final class StoredIdentityService implements IdentityService {

    private static final int LONGEST_KEY = 40;

    private final IdentityStore store;

    /** Used by the component runtime. */
    @Activate
    public StoredIdentityService(@Reference IdentityStore store) {
        this.store = store;
    }

    @Override
    public KeypairRecord keypair(Principal caller, AccessKey accessKey) {
        var keypair = store.keypair(accessKey)
                .orElseThrow(() -> SlipwayException.notFound("keypair", "there is no keypair " + accessKey));
        var user = keypair.user();
        if (!caller.isSuperadmin()
                && caller.role() != UserRole.MONITOR
                && !caller.userId().equals(user.id())
                && !administrates(caller, user)) {
            throw new SlipwayException(FailureCode.FORBIDDEN, "keypair " + accessKey + " belongs to another user");
        }
        return keypair;
    }

    @Override
    public AccessKey owner(Principal caller, Optional<String> requested) {
        var text = requested.map(String::strip).orElse("");
        if (text.isEmpty() || text.equals(caller.accessKey().value())) {
            return caller.accessKey();
        }
        if (text.length() > LONGEST_KEY) {
            throw unknownOwner();
        }
        var keypair = store.keypair(new AccessKey(text)).orElseThrow(StoredIdentityService::unknownOwner);
        if (!caller.isSuperadmin()
                && !caller.userId().equals(keypair.user().id())
                && !administrates(caller, keypair.user())) {
            throw new SlipwayException(
                    FailureCode.FORBIDDEN, "only an administrator of its user may act for access key " + text);
        }
        return keypair.accessKey();
    }

    private static SlipwayException unknownOwner() {
        return SlipwayException.invalid("owner_access_key", "Unknown owner access key");
    }

    /** A domain administrator stands above users of the own domain, but never above a superadmin. */
    private static boolean administrates(Principal caller, UserRecord user) {
        return caller.isAdmin() && caller.domain().equals(user.domain()) && user.role() != UserRole.SUPERADMIN;
    }

    @Override
    public Map<UUID, String> fullNames(Collection<UUID> users) {
        return store.fullNames(users);
    }

    @Override
    public List<ProjectRecord> projects(Principal caller) {
        return store.projectsOf(caller.userId());
    }

    @Override
    public ProjectRecord project(Principal caller, String idOrName) {
        return findProject(caller, idOrName)
                .filter(project -> mayUse(caller, project))
                .orElseThrow(() -> SlipwayException.notFound(
                        "user group (or project)", "there is no project '" + idOrName + "' that the caller may use"));
    }

    private Optional<ProjectRecord> findProject(Principal caller, String idOrName) {
        var byId = uuid(idOrName).flatMap(store::project);
        return byId.isPresent() ? byId : store.project(caller.domain(), idOrName);
    }

    private boolean mayUse(Principal caller, ProjectRecord project) {
        return caller.isSuperadmin()
                || (caller.isAdmin() && caller.domain().equals(project.domain()))
                || store.projectsOf(caller.userId()).stream()
                        .anyMatch(own -> own.id().equals(project.id()));
    }

    private static Optional<UUID> uuid(String text) {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            return Optional.empty();
        }
        return Optional.of(UUID.fromString(text));
    }

    @Override
    public Set<String> resourceGroups(ProjectRecord project) {
        return store.resourceGroups(project.domain(), project.id());
    }

    @Override
    public Optional<KeypairPolicy> policy(String name) {
        return store.keypairPolicy(name);
    }

    @Override
    public Principal operator() {
        return store.firstKeypairOf(UserRole.SUPERADMIN)
                .map(Principals::of)
                .orElseThrow(() -> new SlipwayException(
                        FailureCode.UNAVAILABLE, "there is no superadmin yet; the first data are not stored"));
    }
}
