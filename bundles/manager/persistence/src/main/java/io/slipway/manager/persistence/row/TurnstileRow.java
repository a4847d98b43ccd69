package io.slipway.manager.persistence.row;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row that is there to be locked. */
@Entity
@Table(name = "turnstiles")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class TurnstileRow {

    /** Whoever claims events goes through this one. */
    public static final String OUTBOX = "outbox";

    /** Whoever stores the first data goes through this one. */
    public static final String FIRST_DATA = "first data";

    @Id
    private String name;

    /** For the persistence provider. */
    protected TurnstileRow() {}

    /** Returns what is guarded. */
    public String name() {
        return name;
    }
}
