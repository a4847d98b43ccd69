package io.slipway.manager.api;

import io.slipway.manager.api.SessionEvents.News;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import java.util.List;

/** What clients call what happens to sessions and kernels. */
public final class EventNames {

    private EventNames() {}

    /** Returns the names of what happened, in order; none for what clients are not told of. */
    public static List<String> of(News news) {
        var status = news.event().status();
        return news.event().kernel() == null
                ? ofSession(SessionStatus.valueOf(status), news.session())
                : ofKernel(KernelStatus.valueOf(status));
    }

    /** Returns the names of a session's having reached a state. */
    public static List<String> ofSession(SessionStatus status, SessionRecord session) {
        return switch (status) {
            case PENDING -> List.of("session_enqueued");
            case SCHEDULED -> List.of("session_scheduled");
            case PREPARING -> List.of("session_preparing");
            case PULLING, CREATING, RESTARTING -> List.of();
            case RUNNING -> List.of("session_started");
            case TERMINATING -> List.of("session_terminating");
            case CANCELLED -> List.of("session_cancelled");
            case TERMINATED, ERROR -> ended(session);
        };
    }

    /** Who watches a batch session wants to hear how its job went before it hears of the end, and leaves then. */
    private static List<String> ended(SessionRecord session) {
        if (session.details().type() != SessionType.BATCH || session.result() == SessionResult.UNDEFINED) {
            return List.of("session_terminated");
        }
        var went = session.result() == SessionResult.SUCCESS ? "session_success" : "session_failure";
        return List.of(went, "session_terminated");
    }

    private static List<String> ofKernel(KernelStatus status) {
        return switch (status) {
            case PENDING, SCHEDULED, RESTARTING -> List.of();
            case PREPARING -> List.of("kernel_preparing");
            case PULLING -> List.of("kernel_pulling");
            case CREATING -> List.of("kernel_creating");
            case RUNNING -> List.of("kernel_started");
            case TERMINATING -> List.of("kernel_terminating");
            case CANCELLED -> List.of("kernel_cancelled");
            case TERMINATED, ERROR -> List.of("kernel_terminated");
        };
    }
}
