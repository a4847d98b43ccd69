package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.OutboxRow;
import io.slipway.manager.store.SessionEvent;
import java.util.List;

/** Looks into the outbox past the port, which many tests share. */
final class Outbox {

    private Outbox() {}

    /** Returns the unpublished events of a tenant, in order. */
    static List<SessionEvent> unpublished(Tenant tenant) {
        return tenant.database
                .transactions()
                .read(entities -> entities.createQuery(
                                "SELECT o FROM OutboxRow o WHERE o.resourceGroup = :group AND o.publishedAt IS NULL ORDER BY o.id",
                                OutboxRow.class)
                        .setParameter("group", tenant.name)
                        .getResultStream()
                        .map(OutboxRow::toEvent)
                        .toList());
    }
}
