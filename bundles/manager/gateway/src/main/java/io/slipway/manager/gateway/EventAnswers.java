package io.slipway.manager.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.manager.api.SessionEvents.News;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.TaskRecord;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Events in the words of the wire. */
final class EventAnswers {

    private EventAnswers() {}

    /** An event of a session; the last three only of a kernel. */
    record SessionNews(
            String reason,
            String sessionName,
            String ownerAccessKey,
            String sessionId,
            @Nullable Integer exitCode,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String kernelId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String clusterRole,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer clusterIdx) {}

    /** How far a task has come, or how it ended. */
    record TaskNews(
            @JsonProperty("task_id") String taskId,
            String status,
            String message,
            @JsonProperty("current_progress") long currentProgress,
            @JsonProperty("total_progress") long totalProgress) {}

    static SessionNews of(News news) {
        var session = news.session();
        var kernel = session.kernels().stream()
                .filter(one -> one.id().toString().equals(news.event().kernel()))
                .findFirst()
                .orElse(null);
        return of(session, kernel, news.event().reason());
    }

    static SessionNews of(SessionRecord session, @Nullable KernelRecord kernel, String reason) {
        var exit = (kernel == null ? session.mainKernel() : kernel).exit();
        return new SessionNews(
                reason,
                session.name(),
                session.owner().value(),
                session.id().toString(),
                exit == null ? null : exit.exitCode(),
                kernel == null ? null : kernel.id().toString(),
                kernel == null ? null : kernel.clusterRole(),
                kernel == null ? null : kernel.clusterIndex());
    }

    static TaskNews of(TaskRecord task) {
        return new TaskNews(
                task.id().toString(),
                task.status().name().toLowerCase(Locale.ROOT),
                task.message(),
                task.current(),
                task.total());
    }
}
