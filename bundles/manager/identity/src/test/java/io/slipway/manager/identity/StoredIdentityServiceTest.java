package io.slipway.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.manager.store.KeypairRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class StoredIdentityServiceTest {

    private final MemoryIdentityStore store = new MemoryIdentityStore();
    private final StoredIdentityService service = new StoredIdentityService(store);

    private final KeypairRecord superadmin = store.add("SUPER", "default", UserRole.SUPERADMIN, true, "");
    private final KeypairRecord admin = store.add("ADMIN", "default", UserRole.ADMIN, true, "");
    private final KeypairRecord user = store.add("USER", "default", UserRole.USER, false, "");
    private final KeypairRecord other = store.add("OTHER", "default", UserRole.USER, false, "");
    private final KeypairRecord abroad = store.add("ABROAD", "elsewhere", UserRole.USER, false, "");
    private final KeypairRecord monitor = store.add("MONITOR", "default", UserRole.MONITOR, false, "");

    private static Principal caller(KeypairRecord keypair) {
        return Principals.of(keypair);
    }

    private AccessKey owner(KeypairRecord caller, String requested) {
        return service.owner(caller(caller), Optional.of(requested));
    }

    private static void assertFails(FailureCode code, Executable call) {
        assertEquals(code, assertThrows(SlipwayException.class, call).code());
    }

    @Test
    void everyoneActsForTheOwnKey() {
        assertEquals(user.accessKey(), service.owner(caller(user), Optional.empty()));
        assertEquals(user.accessKey(), owner(user, "USER"));
        assertEquals(user.accessKey(), owner(user, " "));
    }

    @Test
    void superadminActsForEveryone() {
        assertEquals(abroad.accessKey(), owner(superadmin, "ABROAD"));
    }

    @Test
    void domainAdminActsForUsersOfTheDomainButNoSuperadmin() {
        assertEquals(user.accessKey(), owner(admin, "USER"));
        assertFails(FailureCode.FORBIDDEN, () -> owner(admin, "ABROAD"));
        assertFails(FailureCode.FORBIDDEN, () -> owner(admin, "SUPER"));
    }

    @Test
    void usersActForNobodyElse() {
        assertFails(FailureCode.FORBIDDEN, () -> owner(user, "OTHER"));
        assertFails(FailureCode.FORBIDDEN, () -> owner(monitor, "OTHER"));
    }

    @Test
    void unknownOwnerIsABadParameter() {
        for (var unknown : List.of("NOBODY", "x".repeat(41))) {
            var failure = assertThrows(SlipwayException.class, () -> owner(user, unknown));
            assertEquals(FailureCode.INVALID_PARAMETERS, failure.code());
            assertEquals(Map.of("owner_access_key", "Unknown owner access key"), failure.data());
        }
    }

    @Test
    void showsKeypairsToOwnersAndTheirAdministrators() {
        assertEquals(user, service.keypair(caller(user), user.accessKey()));
        assertEquals(user, service.keypair(caller(admin), user.accessKey()));
        assertEquals(abroad, service.keypair(caller(superadmin), abroad.accessKey()));
        assertEquals(other, service.keypair(caller(monitor), other.accessKey()));
        assertFails(FailureCode.FORBIDDEN, () -> service.keypair(caller(user), other.accessKey()));
        assertFails(FailureCode.FORBIDDEN, () -> service.keypair(caller(admin), abroad.accessKey()));
        assertFails(FailureCode.NOT_FOUND, () -> service.keypair(caller(user), new AccessKey("NOBODY")));
    }

    @Test
    void findsProjectsByIdOrNameOfMembersAndAdministrators() {
        var project = store.addProject("default", "default");
        var foreign = store.addProject("elsewhere", "secret");
        store.memberships.put(user.user().id(), List.of(project));
        assertEquals(project, service.project(caller(user), "default"));
        assertEquals(project, service.project(caller(user), project.id().toString()));
        assertEquals(project, service.project(caller(admin), "default"));
        assertEquals(foreign, service.project(caller(superadmin), foreign.id().toString()));
        assertFails(FailureCode.NOT_FOUND, () -> service.project(caller(other), "default"));
        assertFails(
                FailureCode.NOT_FOUND,
                () -> service.project(caller(admin), foreign.id().toString()));
        assertFails(FailureCode.NOT_FOUND, () -> service.project(caller(user), "nothing"));
        assertFails(
                FailureCode.NOT_FOUND,
                () -> service.project(caller(user), UUID.randomUUID().toString()));
    }

    @Test
    void operatorIsTheFirstSuperadmin() {
        assertEquals(superadmin.accessKey(), service.operator().accessKey());
        store.keypairs.clear();
        assertFails(FailureCode.UNAVAILABLE, service::operator);
    }
}
