package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** The end of a kernel's log. */
@Entity
@Table(name = "kernel_logs")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class KernelLogRow {

    @Id
    @Column(name = "kernel_id")
    private UUID kernelId;

    private String tail;

    /** For the persistence provider. */
    protected KernelLogRow() {}

    /** Makes a row. */
    public KernelLogRow(UUID kernel, String tail) {
        kernelId = kernel;
        this.tail = StoredText.clean(tail);
    }

    /** Returns whose log it is. */
    public UUID kernelId() {
        return kernelId;
    }

    /** Replaces the text. */
    public void replace(String newTail) {
        tail = StoredText.clean(newTail);
    }

    /** Returns the text. */
    public String tail() {
        return tail;
    }
}
