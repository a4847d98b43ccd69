package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionTransitions;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rows of one session: itself, its kernels by place, and what they hold now. Belongs to one transaction, and if that
 * changes something, the session's row is locked.
 */
final class SessionUnit {

    private final SessionRow session;
    private final List<KernelRow> kernels;
    private final Map<UUID, List<AllocationRow>> held;

    /**
     * @param kernels by place
     * @param held unfreed allocations by kernel; kept and changed
     */
    SessionUnit(SessionRow session, List<KernelRow> kernels, Map<UUID, List<AllocationRow>> held) {
        this.session = session;
        this.kernels = kernels;
        this.held = held;
    }

    SessionRow session() {
        return session;
    }

    List<KernelRow> kernels() {
        return kernels;
    }

    Optional<KernelRow> kernel(KernelId id) {
        return kernels.stream().filter(kernel -> kernel.id().equals(id.value())).findFirst();
    }

    /** Returns what a kernel holds now, to be changed. */
    List<AllocationRow> heldBy(KernelRow kernel) {
        return held.computeIfAbsent(kernel.id(), id -> new ArrayList<>());
    }

    /** Returns where the session should go, given its kernels. */
    Optional<SessionStatus> promotion() {
        List<KernelStatus> statuses = kernels.stream().map(KernelRow::status).toList();
        return SessionTransitions.promote(session.status(), statuses);
    }

    /** Returns how the job went, now that the session is terminal. */
    SessionResult verdict() {
        if (session.type() != SessionType.BATCH || session.status() == SessionStatus.CANCELLED) {
            return SessionResult.UNDEFINED;
        }
        var exit = kernels.getFirst().exit();
        var hasSucceeded = session.status() == SessionStatus.TERMINATED
                && exit != null
                && (exit.exitCode() == null ? exit.reason() == ExitReason.TASK_FINISHED : exit.exitCode() == 0);
        return hasSucceeded ? SessionResult.SUCCESS : SessionResult.FAILURE;
    }

    SessionRecord toRecord(Names names) {
        var records = kernels.stream()
                .map(kernel -> kernel.toRecord(sum(held.getOrDefault(kernel.id(), List.of()))))
                .toList();
        return session.toRecord(names.email(session.userId()), names.project(session.projectId()), records);
    }

    static SlotAmounts sum(List<AllocationRow> allocations) {
        if (allocations.isEmpty()) {
            return SlotAmounts.NONE;
        }
        var amounts = new TreeMap<SlotName, BigDecimal>();
        allocations.forEach(row -> amounts.merge(row.slot(), row.amount(), BigDecimal::add));
        return new SlotAmounts(amounts);
    }
}
