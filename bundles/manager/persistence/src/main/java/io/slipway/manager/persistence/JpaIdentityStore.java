package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.DomainRow;
import io.slipway.manager.persistence.row.GroupDomainRow;
import io.slipway.manager.persistence.row.KeypairPolicyRow;
import io.slipway.manager.persistence.row.KeypairRow;
import io.slipway.manager.persistence.row.ProjectMemberRow;
import io.slipway.manager.persistence.row.ProjectRow;
import io.slipway.manager.persistence.row.ResourceGroupRow;
import io.slipway.manager.persistence.row.TurnstileRow;
import io.slipway.manager.persistence.row.UserRow;
import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.FirstData;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.policy.KeypairPolicy;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps users, keypairs, domains, projects and policies in tables. */
@Component
public final class JpaIdentityStore implements IdentityStore {

    private final Transactions transactions;
    private final Writes writes;

    /** Used by the component runtime. */
    @Activate
    public JpaIdentityStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
    }

    @Override
    public Optional<KeypairRecord> keypair(AccessKey accessKey) {
        return transactions.read(entities -> keypairs(entities, "k.accessKey = :key", accessKey.value()).stream()
                .findFirst());
    }

    @Override
    public List<KeypairRecord> keypairsOf(UUID user) {
        return transactions.read(entities -> keypairs(entities, "k.userId = :key", user));
    }

    @Override
    public Optional<KeypairRecord> firstKeypairOf(UserRole role) {
        return transactions.read(entities -> keypairs(
                        entities,
                        "u.role = :key AND u.status = io.slipway.model.identity.UserStatus.ACTIVE AND u.mainAccessKey = k.accessKey",
                        role)
                .stream()
                .findFirst());
    }

    @Override
    public Map<UUID, String> fullNames(Collection<UUID> users) {
        if (users.isEmpty()) {
            return Map.of();
        }
        return transactions.read(
                entities -> entities.createQuery("SELECT u FROM UserRow u WHERE u.id IN :users", UserRow.class)
                        .setParameter("users", List.copyOf(users))
                        .getResultStream()
                        .map(UserRow::toRecord)
                        .collect(Collectors.toMap(UserRecord::id, UserRecord::fullName)));
    }

    @Override
    public Optional<DomainRecord> domain(String name) {
        return transactions.read(entities ->
                Optional.ofNullable(entities.find(DomainRow.class, name)).map(DomainRow::toRecord));
    }

    @Override
    public List<ProjectRecord> projectsOf(UUID user) {
        return transactions.read(entities -> entities.createQuery(
                        "SELECT p FROM ProjectRow p, ProjectMemberRow m WHERE m.projectId = p.id AND m.userId = :user"
                                + " ORDER BY p.name, p.id",
                        ProjectRow.class)
                .setParameter("user", user)
                .getResultStream()
                .map(ProjectRow::toRecord)
                .toList());
    }

    @Override
    public Optional<ProjectRecord> project(String domain, String name) {
        return transactions.read(entities -> entities.createQuery(
                        "SELECT p FROM ProjectRow p WHERE p.domain = :domain AND p.name = :name", ProjectRow.class)
                .setParameter("domain", domain)
                .setParameter("name", name)
                .getResultStream()
                .map(ProjectRow::toRecord)
                .findFirst());
    }

    @Override
    public Optional<ProjectRecord> project(UUID id) {
        return transactions.read(entities ->
                Optional.ofNullable(entities.find(ProjectRow.class, id)).map(ProjectRow::toRecord));
    }

    @Override
    public Set<String> resourceGroups(String domain, UUID project) {
        return transactions.read(entities -> {
            var names = new TreeSet<>(entities.createQuery(
                            "SELECT g.name FROM ResourceGroupRow g, GroupDomainRow d WHERE g.isActive = TRUE"
                                    + " AND d.resourceGroup = g.name AND d.domain = :domain",
                            String.class)
                    .setParameter("domain", domain)
                    .getResultList());
            names.addAll(entities.createQuery(
                            "SELECT g.name FROM ResourceGroupRow g, GroupProjectRow p WHERE g.isActive = TRUE"
                                    + " AND p.resourceGroup = g.name AND p.projectId = :project",
                            String.class)
                    .setParameter("project", project)
                    .getResultList());
            return names;
        });
    }

    @Override
    public Optional<KeypairPolicy> keypairPolicy(String name) {
        return transactions.read(entities ->
                Optional.ofNullable(entities.find(KeypairPolicyRow.class, name)).map(KeypairPolicyRow::toPolicy));
    }

    @Override
    public boolean populate(FirstData data) {
        return writes.write(entities -> {
            // two managers that start at once must not both find no user
            entities.find(TurnstileRow.class, TurnstileRow.FIRST_DATA, LockModeType.PESSIMISTIC_WRITE);
            var hasUsers = !entities.createQuery("SELECT u.id FROM UserRow u")
                    .setMaxResults(1)
                    .getResultList()
                    .isEmpty();
            if (!hasUsers) {
                insert(entities, data);
            }
            return !hasUsers;
        });
    }

    private static void insert(EntityManager entities, FirstData data) {
        entities.persist(new DomainRow(data.domain()));
        entities.persist(new ProjectRow(data.project()));
        entities.persist(new ResourceGroupRow(data.resourceGroup()));
        entities.persist(new GroupDomainRow(data.resourceGroup(), data.domain().name()));
        entities.persist(new KeypairPolicyRow(data.policy()));
        var users = new HashSet<UUID>();
        for (var keypair : data.keypairs()) {
            var user = keypair.user();
            if (users.add(user.id())) {
                entities.persist(new UserRow(user));
                entities.persist(new ProjectMemberRow(data.project().id(), user.id()));
            }
            entities.persist(new KeypairRow(keypair));
        }
    }

    private static List<KeypairRecord> keypairs(EntityManager entities, String condition, Object key) {
        return entities.createQuery(
                        "SELECT k, u FROM KeypairRow k, UserRow u WHERE u.id = k.userId AND " + condition
                                + " ORDER BY u.createdAt, u.id, k.createdAt, k.accessKey",
                        Object[].class)
                .setParameter("key", key)
                .getResultStream()
                .map(row -> ((KeypairRow) row[0]).toRecord(((UserRow) row[1]).toRecord()))
                .toList();
    }
}
