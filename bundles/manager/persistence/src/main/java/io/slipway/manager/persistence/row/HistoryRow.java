package io.slipway.manager.persistence.row;

import io.slipway.manager.store.HistoryEntry;
import io.slipway.model.session.SessionId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One move of a session or kernel, kept. */
@Entity
@Table(name = "history")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class HistoryRow {

    @Id
    private long id;

    @Column(name = "session_id")
    private UUID sessionId;

    @Column(name = "kernel_id")
    private @Nullable UUID kernelId;

    @Column(name = "from_status")
    private String fromStatus;

    @Column(name = "to_status")
    private String toStatus;

    private String reason;

    @Column(name = "happened_at")
    private long happenedAt;

    /** For the persistence provider. */
    protected HistoryRow() {}

    /** Returns whose move it is. */
    public SessionId session() {
        return new SessionId(sessionId);
    }

    /** Returns the value for the ports. */
    public HistoryEntry toEntry() {
        var subject = kernelId == null ? "session" : "kernel:" + kernelId;
        return new HistoryEntry(subject, fromStatus, toStatus, reason, Micros.instant(happenedAt));
    }
}
