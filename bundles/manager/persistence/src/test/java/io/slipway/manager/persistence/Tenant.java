package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AgentRow;
import io.slipway.manager.persistence.row.DomainRow;
import io.slipway.manager.persistence.row.GroupDomainRow;
import io.slipway.manager.persistence.row.KeypairPolicyRow;
import io.slipway.manager.persistence.row.KeypairRow;
import io.slipway.manager.persistence.row.ProjectMemberRow;
import io.slipway.manager.persistence.row.ProjectRow;
import io.slipway.manager.persistence.row.ResourceGroupRow;
import io.slipway.manager.persistence.row.UserRow;
import io.slipway.manager.store.Admission;
import io.slipway.manager.store.AdmissionRule;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.NewKernel;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.manager.store.UserRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A domain with a project, a user with a keypair, a resource group and an agent of its own; with ways to act in it. */
final class Tenant {

    static final SlotAmounts UNLIMITED = SlotAmounts.NONE;
    static final ImageRef IMAGE = ImageRef.parse("local/python:3", "x86_64");
    static final AdmissionRule AGREE = snapshot -> Optional.empty();

    private static final AtomicInteger TENANTS = new AtomicInteger();

    final Database database;
    final String name;
    final AccessKey owner;
    final UUID user = UUID.randomUUID();
    final UUID project = UUID.randomUUID();
    final AgentId agent;
    final SessionStore sessions;
    final JpaSchedulingStore scheduling;

    private final AtomicInteger names = new AtomicInteger();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Tenant(Database database) {
        this.database = database;
        this.name = "t" + TENANTS.incrementAndGet() + "-" + Long.toString(System.nanoTime() % 1_000_000_000, 36);
        this.owner = new AccessKey("AKIA" + name);
        this.agent = new AgentId("i-" + name);
        this.sessions = new JpaSessionStore(database);
        this.scheduling = new JpaSchedulingStore(database);
    }

    static Tenant create(Database database) {
        return create(database, new Limits(UNLIMITED, UNLIMITED, UNLIMITED, 0));
    }

    /** What a tenant may do; see {@link KeypairPolicy} for what is unlimited. */
    record Limits(SlotAmounts keypair, SlotAmounts project, SlotAmounts domain, int maxSessions) {}

    static Tenant create(Database database, Limits limits) {
        var tenant = new Tenant(database);
        tenant.store(limits);
        return tenant;
    }

    private void store(Limits limits) {
        var policy = new KeypairPolicy(name, limits.keypair(), true, limits.maxSessions(), 4, 0);
        var userRecord = new UserRecord(
                user,
                name + "@example.org",
                name,
                "",
                "",
                name,
                UserRole.USER,
                UserStatus.ACTIVE,
                List.of(),
                owner,
                now);
        database.transactions().write(entities -> {
            entities.persist(new DomainRow(new DomainRecord(name, true, limits.domain(), List.of())));
            entities.persist(new ProjectRow(new ProjectRecord(project, "default", name, true, limits.project())));
            entities.persist(new ResourceGroupRow(name));
            entities.persist(new GroupDomainRow(name, name));
            entities.persist(new KeypairPolicyRow(policy));
            entities.persist(new UserRow(userRecord));
            entities.persist(new ProjectMemberRow(project, user));
            entities.persist(new KeypairRow(
                    new KeypairRecord(owner, "sealed", userRecord, true, false, name, 30_000, now, null)));
            entities.persist(new AgentRow(agentRecord(agent, name), name));
            return name;
        });
    }

    static AgentRecord agentRecord(AgentId id, String group) {
        return new AgentRecord(
                id,
                AgentStatus.ALIVE,
                group,
                true,
                "127.0.0.1",
                "0.1.0",
                "x86_64",
                Map.of(SlotName.CPU, SlotType.COUNT, SlotName.MEM, SlotType.BYTES),
                List.of(new DeviceCapacity(new DeviceId("0"), SlotName.CPU, BigDecimal.valueOf(1_000), true, 0)),
                Map.of("cpu", "0.1.0"),
                Map.of("noop", "here"),
                Instant.parse("2026-01-01T00:00:00Z"),
                null);
    }

    /** Returns a moment after all before. */
    synchronized Instant tick() {
        now = now.plusMillis(1);
        return now;
    }

    SessionDetails details(SessionType type) {
        return new SessionDetails(
                type,
                10,
                ClusterMode.SINGLE_NODE,
                null,
                Map.of("A", "b"),
                Map.of(),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                List.of());
    }

    NewSession newSession(String sessionName, int kernels, SessionType type) {
        var session = new SessionId(database.newId());
        var request = SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.ONE, SlotName.MEM, BigDecimal.valueOf(1 << 28)));
        return new NewSession(
                session,
                sessionName,
                owner,
                user,
                name,
                project,
                name,
                details(type),
                IntStream.range(0, kernels)
                        .mapToObj(index -> new NewKernel(
                                new KernelId(database.newId()),
                                IMAGE,
                                index == 0 ? "main" : "sub",
                                index == 0 ? 1 : index,
                                request))
                        .toList(),
                tick());
    }

    NewSession newSession() {
        return newSession("session-" + names.incrementAndGet(), 1, SessionType.INTERACTIVE);
    }

    SessionRecord admit(NewSession session) {
        return switch (sessions.admit(session, AGREE)) {
            case Admission.Admitted admitted -> admitted.session();
            case Admission.NameTaken taken -> throw new AssertionError(taken);
            case Admission.Refused refused -> throw new AssertionError(refused);
        };
    }

    SessionRecord admit() {
        return admit(newSession());
    }

    /** Returns where the scheduler would put a session: everything on the one agent. */
    Placement placement(SessionRecord session) {
        return new Placement(
                session.id(),
                session.kernels().stream()
                        .filter(kernel -> kernel.status() == KernelStatus.PENDING)
                        .map(kernel -> new Placement.KernelPlacement(kernel.id(), agent, allocations(kernel)))
                        .toList());
    }

    static List<DeviceAllocation> allocations(KernelRecord kernel) {
        return kernel.request().amounts().entrySet().stream()
                .map(entry -> new DeviceAllocation(new DeviceId("0"), entry.getKey(), entry.getValue()))
                .toList();
    }

    SessionRecord schedule(SessionRecord session) {
        var placed = scheduling.commit(name, 1, List.of(placement(session)), tick());
        if (!placed.contains(session.id())) {
            throw new AssertionError("not placed: " + session);
        }
        return find(session.id());
    }

    SessionRecord find(SessionId id) {
        return sessions.find(id).orElseThrow();
    }

    /** Moves all kernels of a session from the state that the record shows. */
    TransitionResult move(SessionRecord session, KernelStatus to) {
        return sessions.apply(transition(session, to));
    }

    Transition transition(SessionRecord session, KernelStatus to) {
        return new Transition(
                session.id(),
                session.kernels().stream().map(kernel -> to(kernel, to)).toList(),
                "test " + to,
                tick());
    }

    static KernelMove to(KernelRecord kernel, KernelStatus to) {
        var started = to == KernelStatus.RUNNING
                ? new KernelMove.Started("c-" + kernel.id(), List.of(), allocations(kernel))
                : null;
        var ended = to.isTerminal()
                ? new KernelMove.Ended(new KernelExit(ExitReason.USER_REQUESTED, 0, ""), "the end of the log")
                : null;
        return new KernelMove(kernel.id(), Set.of(kernel.status()), to, started, ended);
    }

    SessionRecord moved(SessionRecord session, KernelStatus to) {
        return switch (move(session, to)) {
            case TransitionResult.Applied applied -> applied.session();
            case TransitionResult.Refused refused -> throw new AssertionError(refused);
            case TransitionResult.Unknown unknown -> throw new AssertionError(unknown);
        };
    }

    /** Brings a new session to RUNNING. */
    SessionRecord running() {
        var session = schedule(admit());
        return moved(moved(moved(session, KernelStatus.PREPARING), KernelStatus.CREATING), KernelStatus.RUNNING);
    }
}
