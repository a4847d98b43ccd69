package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.Micros;
import io.slipway.manager.store.Condition;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.LikePattern;
import io.slipway.manager.store.QueryField;
import io.slipway.manager.store.SessionQuery.Field;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on sessions in the words of JPQL. Fields become words of this class alone, values become parameters alone:
 * nothing that a client wrote gets into the text of a query.
 */
final class SessionCondition {

    private static final String FALSE = "s.id IS NULL";
    private static final long NEVER = Long.MAX_VALUE;

    private final Map<String, Object> parameters;
    private int count;

    /** Parameters are added to a map that is the caller's. */
    SessionCondition(Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    String text(Condition<Field> condition) {
        return switch (condition) {
            case Condition.All<Field> all -> joined(all.parts(), " AND ");
            case Condition.Any<Field> any -> joined(any.parts(), " OR ");
            case Condition.Not<Field> not -> "NOT (" + text(not.part()) + ")";
            case Condition.IsNull<Field> isNull ->
                "NOT (" + about(isNull.field(), column -> column + " IS NOT NULL") + ")";
            case Condition.Test<Field> test -> test(test);
            case Condition.In<Field> in -> in(in.field(), in.values());
        };
    }

    private String joined(List<Condition<Field>> parts, String word) {
        return parts.stream().map(part -> "(" + text(part) + ")").collect(Collectors.joining(word));
    }

    private String test(Condition.Test<Field> test) {
        var field = test.field();
        if (field.kind() == QueryField.Kind.CHOICE) {
            return in(field, List.of(test.value()));
        }
        return about(field, column -> compared(column, test.comparison(), test.value()));
    }

    private String compared(String column, Comparison comparison, Object value) {
        return switch (comparison) {
            case EQUAL -> column + " = " + parameter(stored(value));
            case GREATER -> column + " > " + parameter(stored(value));
            case AT_LEAST -> column + " >= " + parameter(stored(value));
            case LESS -> column + " < " + parameter(stored(value));
            case AT_MOST -> column + " <= " + parameter(stored(value));
            case CONTAINS -> column + " LIKE " + parameter(LikePattern.around((String) value)) + " ESCAPE '!'";
            case LIKE -> column + " LIKE " + parameter(new LikePattern((String) value).escaped()) + " ESCAPE '!'";
            case ILIKE ->
                "LOWER(" + column + ") LIKE "
                        + parameter(new LikePattern((String) value).escaped().toLowerCase(Locale.ROOT))
                        + " ESCAPE '!'";
        };
    }

    private String in(Field field, List<Object> values) {
        var stored = field.kind() == QueryField.Kind.CHOICE
                ? field.chosen(values)
                : values.stream().map(SessionCondition::stored).toList();
        return stored.isEmpty() ? FALSE : about(field, column -> column + " IN " + parameter(stored));
    }

    /** Says something about a field; false, not unknown, where the field is null. */
    private String about(Field field, UnaryOperator<String> saying) {
        var place = place(field);
        return switch (place.row()) {
            case SESSION ->
                (place.ifNull() == null ? "" : place.column() + " IS NOT NULL AND ") + saying.apply(place.column());
            case USER -> "s.userId IN (" + ids("UserRow", place, saying) + ")";
            case PROJECT -> "s.projectId IN (" + ids("ProjectRow", place, saying) + ")";
            case KERNEL -> {
                var kernel = "k" + ++count;
                yield "EXISTS (SELECT " + kernel + ".id FROM KernelRow " + kernel + " WHERE " + kernel
                        + ".sessionId = s.id AND " + saying.apply(kernel + "." + place.attribute()) + ")";
            }
        };
    }

    private String ids(String entity, Place place, UnaryOperator<String> saying) {
        var row = place.row().alias + ++count;
        return "SELECT " + row + ".id FROM " + entity + " " + row + " WHERE "
                + saying.apply(row + "." + place.attribute());
    }

    /** What a query needs besides the session's own row in order to sort by a field; nothing for most. */
    static String join(Field field) {
        return switch (place(field).row()) {
            case SESSION -> "";
            case USER -> " LEFT JOIN UserRow u ON u.id = s.userId";
            case PROJECT -> " LEFT JOIN ProjectRow p ON p.id = s.projectId";
            case KERNEL -> " LEFT JOIN KernelRow k ON k.sessionId = s.id AND k.place = 0";
        };
    }

    /**
     * Returns what to sort by, never null; {@link #join} says what else stands in the query.
     *
     * @throws IllegalArgumentException if nothing can be sorted by it
     */
    static String sortable(Field field) {
        if (!field.isOrdering()) {
            throw new IllegalArgumentException("sessions have more than one " + field);
        }
        var place = place(field);
        return place.ifNull() == null ? place.column() : "COALESCE(" + place.column() + ", " + place.ifNull() + ")";
    }

    /** Rows that tell of a session, with their names in queries. */
    private enum Row {
        SESSION("s"),
        USER("u"),
        PROJECT("p"),
        KERNEL("k");

        private final String alias;

        Row(String alias) {
            this.alias = alias;
        }
    }

    /**
     * Where a field stands.
     *
     * @param ifNull what counts in its place when sessions are sorted; null if it is never null
     */
    private record Place(
            Row row, String attribute, @Nullable String ifNull) {

        String column() {
            return row.alias + "." + attribute;
        }
    }

    private static Place own(String attribute) {
        return new Place(Row.SESSION, attribute, null);
    }

    private static Place text(Row row, String attribute) {
        return new Place(row, attribute, "''");
    }

    private static Place time(String attribute) {
        return new Place(Row.SESSION, attribute, NEVER + "L");
    }

    private static Place place(Field field) {
        return switch (field) {
            case ID -> own("id");
            case CREATED_AT -> own("createdAt");
            case NAME -> own("name");
            case STATUS -> own("status");
            case PRIORITY -> own("priority");
            case STATUS_INFO -> own("statusInfo");
            case STATUS_CHANGED -> own("statusChangedAt");
            case RESULT -> own("result");
            case ACCESS_KEY -> own("owner");
            case USER_ID -> own("userId");
            case USER_EMAIL -> text(Row.USER, "email");
            case FULL_NAME -> text(Row.USER, "fullName");
            case DOMAIN_NAME -> own("domain");
            case GROUP_ID -> own("projectId");
            case GROUP_NAME -> text(Row.PROJECT, "name");
            case SCALING_GROUP -> own("resourceGroup");
            case IMAGE -> text(Row.KERNEL, "image");
            case AGENT_ID -> text(Row.KERNEL, "agent");
            case NUM_QUERIES -> own("numQueries");
            case TYPE -> own("type");
            case TAG -> text(Row.SESSION, "tag");
            case CLUSTER_MODE -> own("clusterMode");
            case CLUSTER_SIZE -> own("clusterSize");
            case STARTS_AT -> time("startsAt");
            case SCHEDULED_AT -> time("scheduledAt");
            case TERMINATED_AT -> time("terminatedAt");
        };
    }

    private String parameter(Object value) {
        var name = "f" + ++count;
        parameters.put(name, value);
        return ":" + name;
    }

    private static Object stored(Object value) {
        return value instanceof Instant time ? (Object) Micros.of(time) : value;
    }
}
