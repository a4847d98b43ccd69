package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.KernelLogRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.Move;
import io.slipway.manager.persistence.row.ReservationRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The changes that one transaction makes to locked sessions. Moves go through {@link #move} and {@link #promote}, which do all
 * that a move entails; {@link #write} must be called at the end.
 */
final class Changes {

    private final EntityManager entities;
    private final EventLog log;
    private final TimeOrderedIds ids;
    private final Set<UUID> leftPending = new LinkedHashSet<>();
    private final Map<UUID, SessionUnit> cameToPending = new LinkedHashMap<>();
    private final Map<UUID, String> logs = new LinkedHashMap<>();

    Changes(EntityManager entities, EventLog log, TimeOrderedIds ids) {
        this.entities = entities;
        this.log = log;
        this.ids = ids;
    }

    /** Moves a kernel; the table allows it, which the caller has checked. What it no longer may hold is freed. */
    void move(SessionUnit unit, KernelRow kernel, KernelStatus to, String reason, Instant at) {
        var from = kernel.status();
        kernel.moveTo(to, reason, at);
        log.add(moved(unit.session(), kernel.id(), from.name(), to.name(), reason, at));
        if (!to.holdsSlots()) {
            free(unit, kernel, at);
        }
        if (from == KernelStatus.PENDING && cameToPending.remove(kernel.id()) == null) {
            leftPending.add(kernel.id());
        }
        if (to == KernelStatus.PENDING) {
            cameToPending.put(kernel.id(), unit);
        }
    }

    /** Lets a session follow its kernels and says why. */
    void promote(SessionUnit unit, String reason, Instant at) {
        var session = unit.session();
        unit.promotion().ifPresent(to -> {
            log.add(moved(session, null, session.status().name(), to.name(), reason, at));
            session.moveTo(to, at);
            if (to.isTerminal()) {
                session.conclude(unit.verdict());
            }
        });
        session.explain(reason);
    }

    /** Gives a kernel exactly these allocations; nothing changes if it holds them already. */
    void hold(SessionUnit unit, KernelRow kernel, List<DeviceAllocation> allocations, Instant at) {
        var held = unit.heldBy(kernel);
        if (isSame(held, allocations)) {
            return;
        }
        free(unit, kernel, at);
        var agent = Objects.requireNonNull(kernel.agent(), () -> "kernel " + kernel.id() + " is bound to no agent");
        for (var allocation : allocations) {
            var row = new AllocationRow(ids.next(), unit.session(), kernel.id(), agent, allocation, at);
            entities.persist(row);
            held.add(row);
        }
    }

    /** Keeps the end of a kernel's log; an empty one leaves what is there. */
    void keepLog(KernelRow kernel, String text) {
        if (!text.isEmpty()) {
            logs.put(kernel.id(), text);
        }
    }

    /** Writes what is not written by the rows themselves. */
    void write() {
        for (var part : Keys.parts(leftPending)) {
            entities.createQuery("DELETE FROM ReservationRow r WHERE r.kernelId IN :ids")
                    .setParameter("ids", Keys.padded(part))
                    .executeUpdate();
        }
        cameToPending.forEach((id, unit) ->
                unit.kernel(new KernelId(id)).ifPresent(kernel -> reserve(entities, unit.session(), kernel)));
        writeLogs();
    }

    /** Stores what a PENDING kernel asks for. */
    static void reserve(EntityManager entities, SessionRow session, KernelRow kernel) {
        kernel.request()
                .amounts()
                .forEach((slot, amount) -> entities.persist(new ReservationRow(session, kernel.id(), slot, amount)));
    }

    /** A kernel that was started anew may have left one before. */
    private void writeLogs() {
        var rows = new HashMap<UUID, KernelLogRow>();
        for (var part : Keys.parts(logs.keySet())) {
            entities.createQuery("SELECT l FROM KernelLogRow l WHERE l.kernelId IN :ids", KernelLogRow.class)
                    .setParameter("ids", Keys.padded(part))
                    .getResultList()
                    .forEach(row -> rows.put(row.kernelId(), row));
        }
        logs.forEach((kernel, text) -> {
            var row = rows.get(kernel);
            if (row == null) {
                entities.persist(new KernelLogRow(kernel, text));
            } else {
                row.replace(text);
            }
        });
    }

    private static void free(SessionUnit unit, KernelRow kernel, Instant at) {
        var held = unit.heldBy(kernel);
        held.forEach(row -> row.free(at));
        held.clear();
    }

    private static boolean isSame(List<AllocationRow> held, List<DeviceAllocation> allocations) {
        return held.size() == allocations.size()
                && allocations.stream().allMatch(wanted -> held.stream().anyMatch(row -> row.holds(wanted)));
    }

    private static Move moved(
            SessionRow session, @Nullable UUID kernel, String from, String to, String reason, Instant at) {
        return new Move(session.id(), kernel, session.resourceGroup(), from, to, reason, at);
    }
}
