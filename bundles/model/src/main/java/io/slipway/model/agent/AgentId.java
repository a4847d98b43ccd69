package io.slipway.model.agent;

/**
 * The identity of an agent.
 *
 * @param value 1 to 64 characters, such as {@code i-local}
 */
public record AgentId(String value) {

    /** Refuses empty and overlong ids. */
    public AgentId {
        if (value.isBlank() || value.length() > 64) {
            throw new IllegalArgumentException("agent id '" + value + "' is empty or longer than 64 characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
