package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.FirstData;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On a database that holds nothing else: first data is stored once. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class CatalogTest {

    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final SlotAmounts HALF = SlotAmounts.of(
            Map.of(SlotName.CPU, new BigDecimal("0.5"), SlotName.MEM, new BigDecimal("9007199254740993")));

    private final Database database;
    private final JpaIdentityStore identity;
    private final JpaAgentStore agents;
    private final JpaImageStore images;

    CatalogTest(DatabaseKind kind) {
        this.database = kind.emptied();
        this.identity = new JpaIdentityStore(database);
        this.agents = new JpaAgentStore(database);
        this.images = new JpaImageStore(database);
    }

    @Test
    void keepsTheFirstData() {
        var data = firstData();
        assertTrue(identity.populate(data));
        assertFalse(identity.populate(data));
        var admin = data.keypairs().getFirst();
        assertEquals(Optional.of(admin), identity.keypair(admin.accessKey()));
        assertEquals(Optional.empty(), identity.keypair(new AccessKey("AKIANOBODY")));
        assertEquals(List.of(admin), identity.keypairsOf(admin.user().id()));
        assertEquals(
                Map.of(admin.user().id(), admin.user().fullName()),
                identity.fullNames(List.of(admin.user().id(), UUID.randomUUID())));
        assertEquals(Map.of(), identity.fullNames(List.of()));
        assertEquals(Optional.of(admin), identity.firstKeypairOf(UserRole.SUPERADMIN));
        assertEquals(Optional.empty(), identity.firstKeypairOf(UserRole.MONITOR));
        assertEquals(Optional.of(data.domain()), identity.domain("default"));
        assertEquals(Optional.empty(), identity.domain("other"));
        assertEquals(List.of(data.project()), identity.projectsOf(admin.user().id()));
        assertEquals(Optional.of(data.project()), identity.project("default", "default"));
        assertEquals(
                Optional.of(data.project()), identity.project(data.project().id()));
        assertEquals(Optional.empty(), identity.project("default", "other"));
        assertEquals(
                Set.of("default"),
                identity.resourceGroups("default", data.project().id()));
        assertEquals(Set.of(), identity.resourceGroups("other", UUID.randomUUID()));
        assertEquals(Optional.of(data.policy()), identity.keypairPolicy("default"));
        assertEquals(Set.of("default"), new JpaSchedulingStore(database).resourceGroups());
    }

    @Test
    void storesTheFirstDataOnceWhenManagersStartTogether() throws Exception {
        Callable<Boolean> start = () -> identity.populate(firstData());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stored = 0;
            for (var future : threads.invokeAll(List.of(start, start, start, start))) {
                stored += future.get() ? 1 : 0;
            }
            assertEquals(1, stored);
        }
    }

    private static FirstData firstData() {
        return new FirstData(
                new DomainRecord("default", true, HALF, List.of("local")),
                new ProjectRecord(UUID.randomUUID(), "default", "default", true, SlotAmounts.NONE),
                "default",
                new KeypairPolicy("default", HALF, true, 30, 1, 10),
                List.of(keypair("admin", UserRole.SUPERADMIN), keypair("user", UserRole.USER)));
    }

    private static KeypairRecord keypair(String name, UserRole role) {
        var key = new AccessKey("AKIA" + name.toUpperCase(java.util.Locale.ROOT));
        var user = new UserRecord(
                UUID.randomUUID(),
                name + "@example.org",
                name,
                "Full Name",
                "hash",
                "default",
                role,
                UserStatus.ACTIVE,
                List.of("127.0.0.0/8"),
                key,
                THEN);
        return new KeypairRecord(key, "sealed", user, true, role == UserRole.SUPERADMIN, "default", 30_000, THEN, THEN);
    }

    @Test
    void keepsWhatAgentsSayButNotWhatIsOurs() {
        identity.populate(firstData());
        var first = agents.save(Tenant.agentRecord(new AgentId("i-1"), "default"));
        assertEquals(Tenant.agentRecord(new AgentId("i-1"), "default"), first);
        assertEquals(
                "default",
                agents.save(Tenant.agentRecord(new AgentId("i-2"), "nowhere")).resourceGroup());
        var later = new AgentRecord(
                first.id(),
                AgentStatus.ALIVE,
                "nowhere",
                true,
                "10.0.0.1",
                "0.2.0",
                "aarch64",
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                THEN.plusSeconds(5),
                null);
        var stored = agents.save(later);
        assertEquals("default", stored.resourceGroup());
        assertEquals(first.firstContact(), stored.firstContact());
        assertEquals("0.2.0", stored.version());
        assertEquals(Optional.of(stored), agents.find(first.id()));
        assertEquals(
                List.of("i-1", "i-2"),
                agents.all().stream().map(agent -> agent.id().value()).toList());
        assertEquals(Optional.empty(), agents.find(new AgentId("i-3")));
    }

    @Test
    void remembersSinceWhenAnAgentIsLost() {
        var agent =
                agents.save(Tenant.agentRecord(new AgentId("i-1"), "default")).id();
        agents.setStatus(Map.of(agent, AgentStatus.LOST, new AgentId("i-9"), AgentStatus.LOST), THEN);
        agents.setStatus(Map.of(agent, AgentStatus.LOST), THEN.plusSeconds(9));
        assertEquals(THEN, agents.find(agent).orElseThrow().lostAt());
        assertEquals(AgentStatus.LOST, agents.find(agent).orElseThrow().status());
        agents.setStatus(Map.of(agent, AgentStatus.ALIVE), THEN.plusSeconds(10));
        assertEquals(null, agents.find(agent).orElseThrow().lostAt());
    }

    @Test
    void keepsImagesWithIdsAndAliases() {
        var python = image("local/python:3", "sha256:1", List.of("python", "py"));
        var busybox = image("local/busybox:1", "sha256:2", List.of());
        images.save(List.of(python, busybox));
        assertEquals(List.of(busybox, python), images.all());
        assertEquals(Optional.of(python), images.find(python.ref()));
        assertEquals(Optional.of(python), images.findByAlias("python", "x86_64"));
        assertEquals(Optional.empty(), images.findByAlias("python", "aarch64"));
        images.save(List.of(image("local/python:3", "sha256:9", List.of())));
        var rescanned = images.find(python.ref()).orElseThrow();
        assertEquals(python.id(), rescanned.id());
        assertEquals("sha256:9", rescanned.digest());
        assertEquals(List.of("py", "python"), rescanned.aliases());
        images.alias("python", busybox.ref());
        assertEquals(
                busybox.id(),
                images.findByAlias("python", "x86_64").orElseThrow().id());
        assertEquals(List.of("py"), images.find(python.ref()).orElseThrow().aliases());
        var nobody = ImageRef.parse("local/nobody:1", "x86_64");
        var failure = assertThrows(SlipwayException.class, () -> images.alias("x", nobody));
        assertEquals(FailureCode.NOT_FOUND, failure.code());
    }

    private static Image image(String name, String digest, List<String> aliases) {
        return new Image(
                UUID.randomUUID(),
                ImageRef.parse(name, "x86_64"),
                digest,
                12_345_678_901L,
                Map.of("io.slipway.kernel", "python"),
                aliases,
                HALF);
    }
}
