package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** The range of outbox ids whose unpublished events a publisher has claimed. */
@Entity
@Table(name = "outbox_claims")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class OutboxClaimRow {

    @Id
    private String publisher;

    @Column(name = "first_id")
    private long firstId;

    @Column(name = "last_id")
    private long lastId;

    @Column(name = "claimed_until")
    private long claimedUntil;

    /** For the persistence provider. */
    protected OutboxClaimRow() {}

    /** Makes the row of a publisher that claims for the first time. */
    public OutboxClaimRow(String publisher) {
        this.publisher = publisher;
    }

    /** Replaces the claim. */
    public void claim(long first, long last, Instant until) {
        firstId = first;
        lastId = last;
        claimedUntil = Micros.of(until);
    }

    /** Ends the claim: the publisher has nothing that others must leave to it. */
    public void release() {
        claimedUntil = 0;
    }

    /** Returns whose claim it is. */
    public String publisher() {
        return publisher;
    }

    /** Returns the least id. */
    public long firstId() {
        return firstId;
    }

    /** Returns the greatest id. */
    public long lastId() {
        return lastId;
    }
}
