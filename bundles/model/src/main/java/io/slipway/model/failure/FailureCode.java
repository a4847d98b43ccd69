package io.slipway.model.failure;

/** The closed set of failures that a caller can be told about. Only the gateway turns one into a protocol status. */
public enum FailureCode {
    /** A parameter is missing, of a wrong type or out of range; data: field to reason. */
    INVALID_PARAMETERS(FailureKind.CALLER),
    /** The request as a whole makes no sense. */
    BAD_REQUEST(FailureKind.CALLER),
    /** Credentials are missing, unknown or wrong, or the role does not suffice for an administrative call. */
    NOT_AUTHORIZED(FailureKind.CALLER),
    /** The caller may not do this to that object, or its state forbids it. */
    FORBIDDEN(FailureKind.CALLER),
    /** The object belongs to another owner. */
    INSUFFICIENT_PRIVILEGE(FailureKind.CALLER),
    /** There is no such object; data: {@code object} is its kind in the words of the wire protocol, such as session. */
    NOT_FOUND(FailureKind.CALLER),
    /** Several sessions answer to the name; data: {@code matches}. */
    TOO_MANY_SESSIONS(FailureKind.CALLER),
    /** A live session of this name exists; data: {@code existingSessionId}. */
    SESSION_EXISTS(FailureKind.CONFLICT),
    /** The request is right but this server cannot do it. */
    NOT_IMPLEMENTED(FailureKind.CALLER),
    /** A limit of the resource policy is reached. */
    QUOTA_EXCEEDED(FailureKind.CAPACITY),
    /** Too many requests of one key. */
    RATE_LIMITED(FailureKind.CAPACITY),
    /** No agent can serve this now. */
    NO_AGENT(FailureKind.CAPACITY),
    /** A component that is needed is not there now. */
    UNAVAILABLE(FailureKind.CAPACITY),
    /** A kernel could not be made; data may hold {@code agent-details}. */
    KERNEL_CREATION_FAILED(FailureKind.INTERNAL),
    /** Code could not be run in a kernel; data may hold {@code agent-details}. */
    KERNEL_EXECUTION_FAILED(FailureKind.INTERNAL),
    /** Anything else that went wrong on our side. */
    INTERNAL(FailureKind.INTERNAL);

    private final FailureKind kind;

    FailureCode(FailureKind kind) {
        this.kind = kind;
    }

    /** Returns who must act. */
    public FailureKind kind() {
        return kind;
    }
}
