package io.slipway.manager.store;

import java.util.Collection;
import java.util.function.Function;

/** Checks conditions on values in memory, with the same outcome as a query. */
public final class ConditionCheck {

    private ConditionCheck() {}

    /**
     * Returns whether a condition holds.
     *
     * @param values gives the values of a field: none if it is null, several if it has several, of which one is enough
     */
    public static <F extends QueryField> boolean holds(
            Condition<F> condition, Function<? super F, ? extends Collection<?>> values) {
        return switch (condition) {
            case Condition.All<F> all -> all.parts().stream().allMatch(part -> holds(part, values));
            case Condition.Any<F> any -> any.parts().stream().anyMatch(part -> holds(part, values));
            case Condition.Not<F> not -> !holds(not.part(), values);
            case Condition.IsNull<F> isNull -> values.apply(isNull.field()).isEmpty();
            case Condition.In<F> in -> values.apply(in.field()).stream().anyMatch(in.values()::contains);
            case Condition.Test<F> test ->
                values.apply(test.field()).stream().anyMatch(value -> holds(test.comparison(), value, test.value()));
        };
    }

    private static boolean holds(Condition.Comparison comparison, Object field, Object value) {
        return switch (comparison) {
            case EQUAL -> field.equals(value);
            case GREATER -> compare(field, value) > 0;
            case AT_LEAST -> compare(field, value) >= 0;
            case LESS -> compare(field, value) < 0;
            case AT_MOST -> compare(field, value) <= 0;
            case CONTAINS -> field.toString().contains(value.toString());
            case LIKE -> new LikePattern(value.toString()).matches(field.toString(), false);
            case ILIKE -> new LikePattern(value.toString()).matches(field.toString(), true);
        };
    }

    @SuppressWarnings("unchecked") // both are of the field's kind, whose values can be compared with each other
    private static int compare(Object field, Object value) {
        return ((Comparable<Object>) field).compareTo(value);
    }
}
