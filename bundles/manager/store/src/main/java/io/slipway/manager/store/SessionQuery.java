package io.slipway.manager.store;

import io.slipway.model.session.SessionStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which sessions, in which order.
 *
 * @param owner only those of this access key, if present
 * @param domain only those of this domain, if present
 * @param project only those of this project, if present
 * @param statuses only those in one of these states; empty for all
 * @param order fields to order by, first the strongest; empty for newest first
 * @param offset how many to skip, at least 0
 * @param limit how many at most, 1 to 1,000
 */
public record SessionQuery(
        Optional<String> owner,
        Optional<String> domain,
        Optional<UUID> project,
        Set<SessionStatus> statuses,
        List<Order> order,
        int offset,
        int limit) {

    /** Copies and checks. */
    public SessionQuery {
        statuses = Set.copyOf(statuses);
        order = List.copyOf(order);
        if (offset < 0 || limit < 1 || limit > 1_000) {
            throw new IllegalArgumentException("offset " + offset + ", limit " + limit + " (1 to 1000)");
        }
    }

    /** Fields that sessions can be ordered by. */
    public enum Field {
        /** When it was accepted. */
        CREATED_AT,
        /** Its name. */
        NAME,
        /** Its state. */
        STATUS,
        /** Its priority. */
        PRIORITY
    }

    /**
     * One field of an order.
     *
     * @param field by what
     * @param isDescending largest first
     */
    public record Order(Field field, boolean isDescending) {}
}
