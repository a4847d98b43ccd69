package io.slipway.manager.persistence.row;

import java.util.List;

/** The list of all that the persistence unit consists of; the weaver's {@code persistence.xml} has the same. */
public final class RowClasses {

    /** Every entity, and the converter. */
    public static final List<Class<?>> ALL = List.of(
            AgentRow.class,
            AllocationRow.class,
            DomainRow.class,
            GroupDomainRow.class,
            GroupProjectRow.class,
            HistoryRow.class,
            ImageAliasRow.class,
            ImageRow.class,
            KernelLogRow.class,
            KernelRow.class,
            KeypairPolicyRow.class,
            KeypairRow.class,
            NativeUuid.class,
            OutboxClaimRow.class,
            OutboxRow.class,
            ProjectMemberRow.class,
            ProjectRow.class,
            ReservationRow.class,
            ResourceGroupRow.class,
            SessionRow.class,
            TaskRow.class,
            TurnstileRow.class,
            UserRow.class);

    private RowClasses() {}
}
