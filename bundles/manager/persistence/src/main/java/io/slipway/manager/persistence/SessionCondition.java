package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.Micros;
import io.slipway.manager.store.Condition;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.LikePattern;
import io.slipway.manager.store.QueryField;
import io.slipway.manager.store.SessionQuery.Field;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
        var stored = switch (field) {
            case STATUS ->
                Arrays.stream(SessionStatus.values())
                        .filter(status -> values.contains(status.wireName()))
                        .toList();
            case RESULT -> named(SessionResult.values(), values);
            case TYPE -> named(SessionType.values(), values);
            case CLUSTER_MODE -> named(ClusterMode.values(), values);
            case ID,
                    CREATED_AT,
                    NAME,
                    PRIORITY,
                    STATUS_INFO,
                    STATUS_CHANGED,
                    ACCESS_KEY,
                    USER_ID,
                    USER_EMAIL,
                    FULL_NAME,
                    DOMAIN_NAME,
                    GROUP_ID,
                    GROUP_NAME,
                    SCALING_GROUP,
                    IMAGE,
                    AGENT_ID,
                    NUM_QUERIES,
                    TAG,
                    CLUSTER_SIZE,
                    STARTS_AT,
                    SCHEDULED_AT,
                    TERMINATED_AT ->
                values.stream().map(SessionCondition::stored).toList();
        };
        return stored.isEmpty() ? FALSE : about(field, column -> column + " IN " + parameter(stored));
    }

    private static <E extends Enum<E>> List<E> named(E[] constants, List<Object> names) {
        return Arrays.stream(constants)
                .filter(constant -> names.contains(constant.name()))
                .toList();
    }

    /** Says something about a field; false, not unknown, where the field is null. */
    private String about(Field field, UnaryOperator<String> saying) {
        return switch (field) {
            case USER_EMAIL -> aboutUser("email", saying);
            case FULL_NAME -> aboutUser("fullName", saying);
            case GROUP_NAME ->
                "s.projectId IN (SELECT p" + ++count + ".id FROM ProjectRow p" + count + " WHERE "
                        + saying.apply("p" + count + ".name") + ")";
            case IMAGE -> aboutKernels("image", saying);
            case AGENT_ID -> aboutKernels("agent", saying);
            case TAG, STARTS_AT, SCHEDULED_AT, TERMINATED_AT ->
                column(field) + " IS NOT NULL AND " + saying.apply(column(field));
            case ID,
                    CREATED_AT,
                    NAME,
                    STATUS,
                    PRIORITY,
                    STATUS_INFO,
                    STATUS_CHANGED,
                    RESULT,
                    ACCESS_KEY,
                    USER_ID,
                    DOMAIN_NAME,
                    GROUP_ID,
                    SCALING_GROUP,
                    TYPE,
                    CLUSTER_MODE,
                    CLUSTER_SIZE,
                    NUM_QUERIES -> saying.apply(column(field));
        };
    }

    private String aboutUser(String attribute, UnaryOperator<String> saying) {
        var user = "u" + ++count;
        return "s.userId IN (SELECT " + user + ".id FROM UserRow " + user + " WHERE "
                + saying.apply(user + "." + attribute) + ")";
    }

    private String aboutKernels(String attribute, UnaryOperator<String> saying) {
        var kernel = "k" + ++count;
        return "EXISTS (SELECT " + kernel + ".id FROM KernelRow " + kernel + " WHERE " + kernel
                + ".sessionId = s.id AND " + saying.apply(kernel + "." + attribute) + ")";
    }

    /** What a query needs besides the session's own row in order to sort by a field; nothing for most. */
    static String join(Field field) {
        return switch (field) {
            case USER_EMAIL, FULL_NAME -> " LEFT JOIN UserRow u ON u.id = s.userId";
            case GROUP_NAME -> " LEFT JOIN ProjectRow p ON p.id = s.projectId";
            case IMAGE -> " LEFT JOIN KernelRow k ON k.sessionId = s.id AND k.place = 0";
            case ID,
                    CREATED_AT,
                    NAME,
                    STATUS,
                    PRIORITY,
                    STATUS_INFO,
                    STATUS_CHANGED,
                    RESULT,
                    ACCESS_KEY,
                    USER_ID,
                    DOMAIN_NAME,
                    GROUP_ID,
                    SCALING_GROUP,
                    AGENT_ID,
                    NUM_QUERIES,
                    TYPE,
                    TAG,
                    CLUSTER_MODE,
                    CLUSTER_SIZE,
                    STARTS_AT,
                    SCHEDULED_AT,
                    TERMINATED_AT -> "";
        };
    }

    /** Returns what to sort by, never null; {@link #join} says what else stands in the query. */
    static String sortable(Field field) {
        return switch (field) {
            case USER_EMAIL -> "COALESCE(u.email, '')";
            case FULL_NAME -> "COALESCE(u.fullName, '')";
            case GROUP_NAME -> "COALESCE(p.name, '')";
            case IMAGE -> "COALESCE(k.image, '')";
            case TAG -> "COALESCE(s.tag, '')";
            case STARTS_AT, SCHEDULED_AT, TERMINATED_AT -> "COALESCE(" + column(field) + ", " + NEVER + "L)";
            case ID,
                    CREATED_AT,
                    NAME,
                    STATUS,
                    PRIORITY,
                    STATUS_INFO,
                    STATUS_CHANGED,
                    RESULT,
                    ACCESS_KEY,
                    USER_ID,
                    DOMAIN_NAME,
                    GROUP_ID,
                    SCALING_GROUP,
                    AGENT_ID,
                    NUM_QUERIES,
                    TYPE,
                    CLUSTER_MODE,
                    CLUSTER_SIZE -> column(field);
        };
    }

    /** Returns the attribute of the session's own row that a field is. */
    static String column(Field field) {
        return switch (field) {
            case ID -> "s.id";
            case CREATED_AT -> "s.createdAt";
            case NAME -> "s.name";
            case STATUS -> "s.status";
            case PRIORITY -> "s.priority";
            case STATUS_INFO -> "s.statusInfo";
            case STATUS_CHANGED -> "s.statusChangedAt";
            case RESULT -> "s.result";
            case ACCESS_KEY -> "s.owner";
            case USER_ID -> "s.userId";
            case DOMAIN_NAME -> "s.domain";
            case GROUP_ID -> "s.projectId";
            case SCALING_GROUP -> "s.resourceGroup";
            case NUM_QUERIES -> "s.numQueries";
            case SCHEDULED_AT -> "s.scheduledAt";
            case TERMINATED_AT -> "s.terminatedAt";
            case TYPE -> "s.type";
            case TAG -> "s.tag";
            case CLUSTER_MODE -> "s.clusterMode";
            case CLUSTER_SIZE -> "s.clusterSize";
            case STARTS_AT -> "s.startsAt";
            case USER_EMAIL, FULL_NAME, GROUP_NAME, IMAGE, AGENT_ID ->
                throw new IllegalArgumentException(field + " is not in the row of a session");
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
