package io.slipway.manager.persistence.row;

import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The key of a {@link ReservationRow}. */
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ReservationKey implements Serializable {

    private static final long serialVersionUID = 1L;

    private UUID kernelId;
    private String slot;

    /** For the persistence provider. */
    public ReservationKey() {}

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReservationKey key && kernelId.equals(key.kernelId) && slot.equals(key.slot);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kernelId, slot);
    }
}
