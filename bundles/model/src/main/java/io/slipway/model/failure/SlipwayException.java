package io.slipway.model.failure;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a caller is told about. The message says what was tried, on what, and why it did not work; it is shown
 * to people and must hold no secret.
 */
public final class SlipwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureCode code;
    private final transient Map<String, Object> data;

    /** Creates a failure without detail. */
    public SlipwayException(FailureCode code, String message) {
        this(code, message, Map.of(), null);
    }

    /**
     * Creates a failure.
     *
     * @param code what kind of failure
     * @param message one sentence for people
     * @param data structured detail made of maps, lists, text and numbers, copied; may be empty
     * @param cause what led to it, or null
     */
    public SlipwayException(FailureCode code, String message, Map<String, Object> data, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.data = Map.copyOf(data);
    }

    /** Returns a failure about one parameter; the gateway shows field and reason. */
    public static SlipwayException invalid(String field, String reason) {
        return new SlipwayException(
                FailureCode.INVALID_PARAMETERS, "Input validation error", Map.of(field, reason), null);
    }

    /**
     * Returns a failure about an object that is not there.
     *
     * @param object its kind in the words of the wire protocol, such as {@code session}
     * @param message which one was looked for
     */
    public static SlipwayException notFound(String object, String message) {
        return new SlipwayException(FailureCode.NOT_FOUND, message, Map.of("object", object), null);
    }

    /** Returns the code. */
    public FailureCode code() {
        return code;
    }

    /** Returns structured detail, unmodifiable, maybe empty. */
    public Map<String, Object> data() {
        return data == null ? Map.of() : data;
    }
}
