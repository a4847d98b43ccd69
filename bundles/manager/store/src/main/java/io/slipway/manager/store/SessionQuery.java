package io.slipway.manager.store;

import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions, in which order.
 *
 * @param owner only those of this access key, if present
 * @param domain only those of this domain, if present
 * @param project only those of this project, if present
 * @param statuses only those in one of these states; empty for all
 * @param filter only those for which this holds, if present
 * @param order fields to order by, first the strongest; empty for newest first
 * @param after only those that come later in this order than this session, if present; the total counts all
 * @param offset how many to skip, at least 0
 * @param limit how many at most, 1 to 1,000
 */
public record SessionQuery(
        Optional<String> owner,
        Optional<String> domain,
        Optional<UUID> project,
        Set<SessionStatus> statuses,
        Optional<Condition<SessionQuery.Field>> filter,
        List<Order> order,
        Optional<SessionId> after,
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

    /** Makes a query without a filter, from the first page on. */
    public SessionQuery(
            Optional<String> owner,
            Optional<String> domain,
            Optional<UUID> project,
            Set<SessionStatus> statuses,
            List<Order> order,
            int offset,
            int limit) {
        this(owner, domain, project, statuses, Optional.empty(), order, Optional.empty(), offset, limit);
    }

    /** Fields of sessions that conditions and orders may name; of these, {@link #isOrdering} tells which orders may. */
    public enum Field implements QueryField {
        /** Its id. */
        ID(Kind.ID, true),
        /** When it was accepted. */
        CREATED_AT(Kind.TIME, true),
        /** Its name. */
        NAME(Kind.TEXT, true),
        /** Its state, as clients know it. */
        STATUS(Kind.CHOICE, true, SessionStatus.class),
        /** Its priority. */
        PRIORITY(Kind.WHOLE, true),
        /** Why it is in its state. */
        STATUS_INFO(Kind.TEXT, true),
        /** Since when it is in its state. */
        STATUS_CHANGED(Kind.TIME, true),
        /** How its job went. */
        RESULT(Kind.CHOICE, true, SessionResult.class),
        /** Access key that it counts for. */
        ACCESS_KEY(Kind.TEXT, true),
        /** The user behind that key. */
        USER_ID(Kind.ID, true),
        /** That user's e-mail address. */
        USER_EMAIL(Kind.TEXT, true),
        /** That user's full name. */
        FULL_NAME(Kind.TEXT, true),
        /** Its domain. */
        DOMAIN_NAME(Kind.TEXT, true),
        /** Its project. */
        GROUP_ID(Kind.ID, true),
        /** That project's name. */
        GROUP_NAME(Kind.TEXT, true),
        /** Its resource group. */
        SCALING_GROUP(Kind.TEXT, true),
        /** The image of one of its kernels; in orders that of the main one. */
        IMAGE(Kind.TEXT, true),
        /** The agent of one of its kernels. */
        AGENT_ID(Kind.TEXT, false),
        /** How often code was run in it. */
        NUM_QUERIES(Kind.WHOLE, true),
        /** What it is for. */
        TYPE(Kind.CHOICE, true, SessionType.class),
        /** The user's mark; may be null. */
        TAG(Kind.TEXT, true),
        /** How its kernels are spread. */
        CLUSTER_MODE(Kind.CHOICE, true, ClusterMode.class),
        /** How many kernels it has. */
        CLUSTER_SIZE(Kind.WHOLE, true),
        /** Before which it is not placed; may be null. */
        STARTS_AT(Kind.TIME, true),
        /** When it was last placed; may be null. */
        SCHEDULED_AT(Kind.TIME, true),
        /** When it became terminal; may be null. */
        TERMINATED_AT(Kind.TIME, true);

        private final Kind kind;
        private final boolean isOrdering;
        private final @Nullable Class<? extends Enum<?>> type;

        Field(Kind kind, boolean isOrdering) {
            this(kind, isOrdering, null);
        }

        Field(Kind kind, boolean isOrdering, @Nullable Class<? extends Enum<?>> type) {
            this.kind = kind;
            this.isOrdering = isOrdering;
            this.type = type;
        }

        @Override
        public Kind kind() {
            return kind;
        }

        @Override
        public Set<String> choices() {
            var names = constants().map(Field::wireName);
            // clients know one state more, which no session is ever in
            return (this == STATUS ? Stream.concat(names, Stream.of("RUNNING_DEGRADED")) : names)
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** Returns the constants that some of its choices stand for; what stands for none is left out. */
        public List<Enum<?>> chosen(Collection<?> choices) {
            return constants()
                    .filter(constant -> choices.contains(wireName(constant)))
                    .toList();
        }

        private Stream<Enum<?>> constants() {
            return type == null ? Stream.empty() : Arrays.stream(type.getEnumConstants());
        }

        private static String wireName(Enum<?> constant) {
            return constant instanceof SessionStatus status ? status.wireName() : constant.name();
        }

        /**
         * Returns whether sessions can be ordered by it: a session has at most one value of it. A text that is null comes
         * before all others, a time that is null after all others.
         */
        public boolean isOrdering() {
            return isOrdering;
        }
    }

    /**
     * One field of an order.
     *
     * @param field by what, one that {@link Field#isOrdering}
     * @param isDescending largest first
     */
    public record Order(Field field, boolean isDescending) {

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if it is no field to order by
         */
        public Order {
            if (!field.isOrdering()) {
                throw new IllegalArgumentException("sessions cannot be ordered by " + field);
            }
        }
    }
}
