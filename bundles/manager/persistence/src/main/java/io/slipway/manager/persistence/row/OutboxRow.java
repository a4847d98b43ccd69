package io.slipway.manager.persistence.row;

import io.slipway.manager.store.SessionEvent;
import io.slipway.model.session.SessionId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event that is or was to be published. */
@Entity
@Table(name = "outbox")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class OutboxRow {

    @Id
    private long id;

    @Column(name = "session_id")
    private UUID sessionId;

    @Column(name = "kernel_id")
    private @Nullable UUID kernelId;

    @Column(name = "resource_group")
    private String resourceGroup;

    private String status;
    private String reason;

    @Column(name = "happened_at")
    private long happenedAt;

    @Column(name = "published_at")
    private @Nullable Long publishedAt;

    /** For the persistence provider. */
    protected OutboxRow() {}

    /** Returns the value for the ports. */
    public SessionEvent toEvent() {
        return new SessionEvent(
                id,
                new SessionId(sessionId),
                kernelId == null ? null : kernelId.toString(),
                resourceGroup,
                status,
                reason,
                Micros.instant(happenedAt));
    }
}
