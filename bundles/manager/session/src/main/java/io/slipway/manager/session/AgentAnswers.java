package io.slipway.manager.session;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.store.KernelRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Map;
import java.util.Optional;

/** What callers are told when an agent cannot do what they asked for. */
final class AgentAnswers {

    private AgentAnswers() {}

    /** Returns the agent of a kernel, or fails in words. */
    static Agent connect(AgentDirectory directory, KernelRecord kernel) {
        return Optional.ofNullable(kernel.agent())
                .flatMap(directory::connect)
                .orElseThrow(() -> new SlipwayException(
                        FailureCode.KERNEL_EXECUTION_FAILED,
                        "agent " + kernel.agent() + " cannot be reached now; the session is left as it is",
                        details("agent-timeout", "agent " + kernel.agent() + " cannot be reached"),
                        null));
    }

    /**
     * Returns the failure to throw.
     *
     * @param field the parameter that is to blame if the agent says that the input is wrong
     */
    static SlipwayException failure(AgentException e, String field) {
        var message = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case INVALID_INPUT -> SlipwayException.invalid(field, message);
            case UNKNOWN_KERNEL, NO_CAPACITY, FAILED -> executionFailed("agent-failure", message, e);
            case TIMEOUT, UNREACHABLE -> executionFailed("agent-timeout", message, e);
        };
    }

    private static SlipwayException executionFailed(String type, String message, AgentException cause) {
        return new SlipwayException(FailureCode.KERNEL_EXECUTION_FAILED, message, details(type, message), cause);
    }

    private static Map<String, Object> details(String type, String title) {
        return Map.of("agent-details", Map.of("type", type, "title", title));
    }
}
