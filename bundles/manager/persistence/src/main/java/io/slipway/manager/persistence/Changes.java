package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.KernelLogRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.Move;
import io.slipway.manager.persistence.row.ReservationRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes that one transaction makes to locked sessions, and the sessions that it adds. Moves go through {@link #move} and
 * {@link #promote}, which do all that a move entails; {@link #write} writes everything at the end, each kind of row in one
 * batch.
 */
final class Changes {

    private static final String UNRESERVE = "DELETE FROM reservations WHERE kernel_id = ANY(?)";

    private final EventLog log;
    private final TimeOrderedIds ids;
    private final List<SessionRow> newSessions = new ArrayList<>();
    private final List<KernelRow> newKernels = new ArrayList<>();
    private final Set<AllocationRow> newAllocations = new LinkedHashSet<>();
    private final Set<AllocationRow> relocated = new LinkedHashSet<>();
    private final List<AllocationRow> freed = new ArrayList<>();
    private final Map<UUID, ChangedSession> sessions = new LinkedHashMap<>();
    private final Map<UUID, ChangedKernel> kernels = new LinkedHashMap<>();
    private final Set<UUID> leftPending = new LinkedHashSet<>();
    private final Map<UUID, ReservedKernel> cameToPending = new LinkedHashMap<>();
    private final Map<UUID, String> logs = new LinkedHashMap<>();

    /** A session and the state that it was read in. */
    private record ChangedSession(SessionRow row, SessionStatus before, long since) {}

    /** A kernel and the state that it was read in. */
    private record ChangedKernel(KernelRow row, KernelStatus before) {}

    /** A kernel that waits for an agent. */
    private record ReservedKernel(SessionRow session, KernelRow kernel) {}

    Changes(EventLog log, TimeOrderedIds ids) {
        this.log = log;
        this.ids = ids;
    }

    /** Adds a session that waits with all its kernels. */
    void add(SessionUnit unit, String reason, Instant at) {
        var session = unit.session();
        newSessions.add(session);
        log.add(moved(session, null, "", session.status().name(), reason, at));
        for (var kernel : unit.kernels()) {
            newKernels.add(kernel);
            cameToPending.put(kernel.id(), new ReservedKernel(session, kernel));
            log.add(moved(session, kernel.id(), "", kernel.status().name(), reason, at));
        }
    }

    /** Moves a kernel; the table allows it, which the caller has checked. What it no longer may hold is freed. */
    void move(SessionUnit unit, KernelRow kernel, KernelStatus to, String reason, Instant at) {
        var from = kernel.status();
        kernels.putIfAbsent(kernel.id(), new ChangedKernel(kernel, from));
        kernel.moveTo(to, reason, at);
        log.add(moved(unit.session(), kernel.id(), from.name(), to.name(), reason, at));
        if (!to.holdsSlots()) {
            var held = unit.heldBy(kernel);
            free(held, at);
            held.clear();
        }
        if (from == KernelStatus.PENDING && cameToPending.remove(kernel.id()) == null) {
            leftPending.add(kernel.id());
        }
        if (to == KernelStatus.PENDING) {
            cameToPending.put(kernel.id(), new ReservedKernel(unit.session(), kernel));
        }
    }

    /** Lets a session follow its kernels and says why. */
    void promote(SessionUnit unit, String reason, Instant at) {
        var session = unit.session();
        sessions.putIfAbsent(
                session.id(), new ChangedSession(session, session.status(), session.statusChangedAtMicros()));
        unit.promotion().ifPresent(to -> {
            log.add(moved(session, null, session.status().name(), to.name(), reason, at));
            session.moveTo(to, at);
            if (to.isTerminal()) {
                session.conclude(unit.verdict());
            }
        });
        session.explain(reason);
    }

    /**
     * Gives a kernel exactly these allocations. What is planned and what its agent takes differ in the device at most, as a rule:
     * the row stays, then, on the other device.
     */
    void hold(SessionUnit unit, KernelRow kernel, List<DeviceAllocation> allocations, Instant at) {
        var held = unit.heldBy(kernel);
        var left = new ArrayList<>(held);
        var missing = new ArrayList<DeviceAllocation>();
        for (var wanted : allocations) {
            if (take(left, row -> row.holds(wanted)).isEmpty()) {
                missing.add(wanted);
            }
        }
        for (var wanted : missing) {
            take(left, row -> row.holdsAsMuchAs(wanted))
                    .ifPresentOrElse(
                            row -> relocate(row, wanted), () -> held.add(newAllocation(unit, kernel, wanted, at)));
        }
        free(left, at);
        held.removeAll(left);
    }

    private static Optional<AllocationRow> take(List<AllocationRow> rows, Predicate<AllocationRow> fits) {
        var found = rows.stream().filter(fits).findFirst();
        found.ifPresent(rows::remove);
        return found;
    }

    private void relocate(AllocationRow row, DeviceAllocation wanted) {
        row.relocate(wanted.device());
        if (!newAllocations.contains(row)) {
            relocated.add(row);
        }
    }

    private AllocationRow newAllocation(SessionUnit unit, KernelRow kernel, DeviceAllocation allocation, Instant at) {
        var agent = Objects.requireNonNull(kernel.agent(), () -> "kernel " + kernel.id() + " is bound to no agent");
        var row = new AllocationRow(ids.next(), unit.session(), kernel.id(), agent, allocation, at);
        newAllocations.add(row);
        return row;
    }

    /** Keeps the end of a kernel's log; an empty one leaves what is there. */
    void keepLog(KernelRow kernel, String text) {
        if (!text.isEmpty()) {
            logs.put(kernel.id(), text);
        }
    }

    /** Writes everything. */
    void write(Connection connection) throws SQLException {
        Rows.each(connection, SessionRow.INSERT, newSessions, (batch, row) -> row.insert(batch));
        Rows.each(connection, KernelRow.INSERT, newKernels, (batch, row) -> row.insert(batch));
        Rows.eachGuarded(
                connection,
                SessionRow.UPDATE,
                sessions.values(),
                (batch, session) -> session.row.update(batch, session.before, session.since));
        Rows.eachGuarded(
                connection,
                KernelRow.UPDATE,
                kernels.values(),
                (batch, kernel) -> kernel.row.update(batch, kernel.before));
        Rows.delete(connection, UNRESERVE, leftPending);
        Rows.each(connection, ReservationRow.INSERT, reservations(), (batch, row) -> row.insert(batch));
        Rows.eachGuarded(connection, AllocationRow.RELOCATE, relocated, (batch, row) -> row.updateDevice(batch));
        Rows.eachGuarded(connection, AllocationRow.UPDATE, freed, (batch, row) -> row.update(batch));
        Rows.each(connection, AllocationRow.INSERT, newAllocations, (batch, row) -> row.insert(batch));
        KernelLogRow.replace(connection, logs);
    }

    /** What PENDING kernels ask for. */
    private List<ReservationRow> reservations() {
        var rows = new ArrayList<ReservationRow>();
        cameToPending
                .values()
                .forEach(one -> one.kernel
                        .request()
                        .amounts()
                        .forEach((slot, amount) ->
                                rows.add(new ReservationRow(one.session, one.kernel.id(), slot, amount))));
        return rows;
    }

    private void free(List<AllocationRow> rows, Instant at) {
        for (var row : rows) {
            row.free(at);
            if (!newAllocations.contains(row)) {
                freed.add(row);
            }
        }
    }

    private static Move moved(
            SessionRow session, @Nullable UUID kernel, String from, String to, String reason, Instant at) {
        return new Move(session.id(), kernel, session.resourceGroup(), from, to, reason, at);
    }
}
