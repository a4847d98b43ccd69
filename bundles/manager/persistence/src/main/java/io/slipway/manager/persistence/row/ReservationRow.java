package io.slipway.manager.persistence.row;

import io.slipway.model.slot.SlotName;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** So much of one slot, asked for by a PENDING kernel. */
@Entity
@Table(name = "reservations")
@IdClass(ReservationKey.class)
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ReservationRow {

    /** Adds a row; see {@link #insert}. */
    public static final String INSERT =
            "INSERT INTO reservations (kernel_id, slot, amount, owner_key, project_id, domain) VALUES (?, ?, ?, ?, ?,"
                    + " ?)";

    @Id
    @Column(name = "kernel_id")
    private UUID kernelId;

    @Id
    private String slot;

    private BigDecimal amount;

    @Column(name = "owner_key")
    private String owner;

    @Column(name = "project_id")
    private UUID projectId;

    private String domain;

    /** For the persistence provider. */
    protected ReservationRow() {}

    /** Makes a row. */
    public ReservationRow(SessionRow session, UUID kernel, SlotName slot, BigDecimal amount) {
        kernelId = kernel;
        this.slot = slot.value();
        this.amount = amount;
        owner = session.owner();
        projectId = session.projectId();
        domain = session.domain();
    }

    /** Adds itself to a batch of {@link #INSERT}. */
    public void insert(PreparedStatement batch) throws SQLException {
        new Parameters(batch)
                .uuid(kernelId)
                .text(slot)
                .decimal(amount)
                .text(owner)
                .uuid(projectId)
                .text(domain);
        batch.addBatch();
    }
}
