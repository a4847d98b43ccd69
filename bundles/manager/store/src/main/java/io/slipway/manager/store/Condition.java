package io.slipway.manager.store;

import java.util.List;

/**
 * A condition on rows. Two-valued: a test of a field that is null is false, and its negation true.
 *
 * @param <F> the fields that it may name
 */
public sealed interface Condition<F extends QueryField> {

    /**
     * Every part holds.
     *
     * @param parts at least one
     * @param <F> the fields
     */
    record All<F extends QueryField>(List<Condition<F>> parts) implements Condition<F> {

        /** Copies. */
        public All {
            parts = List.copyOf(parts);
        }
    }

    /**
     * At least one part holds.
     *
     * @param parts at least one
     * @param <F> the fields
     */
    record Any<F extends QueryField>(List<Condition<F>> parts) implements Condition<F> {

        /** Copies. */
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /**
     * The part does not hold.
     *
     * @param part what is negated
     * @param <F> the fields
     */
    record Not<F extends QueryField>(Condition<F> part) implements Condition<F> {}

    /**
     * A field is null.
     *
     * @param field which
     * @param <F> the fields
     */
    record IsNull<F extends QueryField>(F field) implements Condition<F> {}

    /**
     * A field compares to a value; false if it is null.
     *
     * @param field which
     * @param comparison how
     * @param value of the field's kind; a pattern for LIKE and ILIKE
     * @param <F> the fields
     */
    record Test<F extends QueryField>(F field, Comparison comparison, Object value) implements Condition<F> {}

    /**
     * A field has one of some values; false if it is null.
     *
     * @param field which
     * @param values of the field's kind, maybe none
     * @param <F> the fields
     */
    record In<F extends QueryField>(F field, List<Object> values) implements Condition<F> {

        /** Copies. */
        public In {
            values = List.copyOf(values);
        }
    }

    /** How a field and a value compare. */
    enum Comparison {
        /** Are equal. */
        EQUAL,
        /** The field is larger. */
        GREATER,
        /** The field is larger, or they are equal. */
        AT_LEAST,
        /** The field is smaller. */
        LESS,
        /** The field is smaller, or they are equal. */
        AT_MOST,
        /** The text has the value in it. */
        CONTAINS,
        /** The text is like a {@link LikePattern}. */
        LIKE,
        /** The text is like a {@link LikePattern} without regard to case. */
        ILIKE
    }
}
