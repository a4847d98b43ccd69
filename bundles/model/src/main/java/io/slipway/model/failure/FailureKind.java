package io.slipway.model.failure;

/** Who must act on a failure. */
public enum FailureKind {
    /** The caller asked for something impossible or forbidden; the same call will fail again. */
    CALLER,
    /** The call clashes with the present state; it may succeed when that state changes. */
    CONFLICT,
    /** A limit or lack of resources; it may succeed later or with a smaller request. */
    CAPACITY,
    /** Our fault or that of a component that we need. */
    INTERNAL
}
