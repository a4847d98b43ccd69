package io.slipway.manager.graphql;

import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sessions and kernels in the words of the schema. */
final class SessionViews {

    /** No field of the schema. */
    private static final String ORIGIN = "origin";

    /**
     * What further fields of a session are fetched by.
     *
     * @param dependencies ids of the sessions that it depends on
     * @param depth over how many sessions it was reached
     */
    private record Origin(List<SessionId> dependencies, int depth) {}

    private SessionViews() {}

    static Map<String, @Nullable Object> session(SessionRecord session) {
        return session(session, 0);
    }

    /** Returns a session that is reached over so many others that depend on it. */
    static Map<String, @Nullable Object> session(SessionRecord session, int depth) {
        var view = new HashMap<String, @Nullable Object>();
        view.put(ORIGIN, new Origin(session.details().dependencies(), depth));
        identity(session, view);
        state(session, view);
        resources(session, view);
        return view;
    }

    static List<SessionId> dependencies(Map<String, Object> view) {
        return origin(view).dependencies();
    }

    static int depth(Map<String, Object> view) {
        return origin(view).depth();
    }

    private static Origin origin(Map<String, Object> view) {
        return (Origin) Objects.requireNonNull(view.get(ORIGIN));
    }

    private static void identity(SessionRecord session, Map<String, @Nullable Object> view) {
        var main = session.mainKernel();
        view.put("id", session.id().toString());
        view.put("session_id", session.id().value());
        view.put("main_kernel_id", main.id().value());
        view.put("main_kernel_role", "COMPUTE");
        view.put("tag", session.details().tag());
        view.put("name", session.name());
        view.put("type", session.details().type().name());
        view.put("priority", session.details().priority());
        view.put("image", main.image().canonical());
        view.put("architecture", main.image().architecture());
        view.put("registry", main.image().registry());
        view.put("cluster_mode", session.details().clusterMode().wireName());
        view.put("cluster_size", session.kernels().size());
        view.put("domain_name", session.domain());
        view.put("group_name", session.projectName());
        view.put("group_id", session.projectId());
        view.put("user_email", session.userEmail());
        view.put("user_id", session.userId());
        view.put("access_key", session.owner().value());
        view.put("created_user_email", session.userEmail());
        view.put("created_user_id", session.userId());
    }

    private static void state(SessionRecord session, Map<String, @Nullable Object> view) {
        view.put("status", session.status().wireName());
        view.put("status_changed", session.statusChangedAt());
        view.put("status_info", emptyToNull(session.statusInfo()));
        view.put("status_data", "{}");
        view.put("created_at", session.createdAt());
        view.put("terminated_at", session.terminatedAt());
        view.put("scheduled_at", session.scheduledAt());
        view.put("startup_command", session.details().startupCommand());
        view.put("result", session.result().name());
        view.put("num_queries", session.numQueries());
        view.put("idle_checks", "{}");
        view.put("abusing_reports", List.of());
        view.put("starts_at", session.details().startsAt());
    }

    private static void resources(SessionRecord session, Map<String, @Nullable Object> view) {
        var agents = session.kernels().stream()
                .map(KernelRecord::agent)
                .filter(Objects::nonNull)
                .map(AgentId::toString)
                .distinct()
                .toList();
        view.put("agent_ids", agents);
        view.put("agents", agents);
        view.put("scaling_group", session.resourceGroup());
        view.put("resource_opts", JsonText.of(session.details().resourceOpts()));
        view.put("service_ports", JsonText.servicePorts(session.mainKernel().servicePorts()));
        view.put("mounts", List.of());
        view.put("vfolder_mounts", List.of());
        view.put("occupying_slots", JsonText.slots(session.occupiedSlots()));
        view.put("occupied_slots", JsonText.slots(session.occupiedSlots()));
        view.put("requested_slots", JsonText.slots(session.requestedSlots()));
        view.put(
                "containers",
                session.kernels().stream()
                        .map(SessionViews::container)
                        .peek(kernel -> {
                            kernel.put("starts_at", session.details().startsAt());
                            kernel.put("scheduled_at", session.scheduledAt());
                        })
                        .toList());
    }

    static Map<String, @Nullable Object> container(KernelRecord kernel) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("id", kernel.id().toString());
        view.put("kernel_id", kernel.id().value());
        view.put("session_id", kernel.session().value());
        view.put("idx", kernel.clusterIndex());
        view.put("cluster_idx", kernel.clusterIndex());
        view.put("local_rank", kernel.clusterIndex() - 1);
        view.put("role", kernel.clusterRole());
        view.put("cluster_role", kernel.clusterRole());
        view.put("hostname", kernel.hostname());
        view.put("cluster_hostname", kernel.hostname());
        view.put("image", kernel.image().canonical());
        view.put("image_object", ImageViews.node(kernel.image()));
        view.put("architecture", kernel.image().architecture());
        view.put("registry", kernel.image().registry());
        view.put("status", wireName(kernel.status()));
        view.put("status_info", emptyToNull(kernel.statusInfo()));
        view.put("status_data", kernel.exit() == null ? "{}" : exitData(kernel));
        view.put("status_changed", kernel.statusChangedAt());
        view.put("created_at", kernel.createdAt());
        view.put("terminated_at", kernel.terminatedAt());
        view.put("agent", kernel.agent() == null ? null : kernel.agent().toString());
        view.put("container_id", emptyToNull(kernel.containerId()));
        view.put("resource_opts", "{}");
        view.put("occupied_slots", JsonText.slots(kernel.occupied()));
        view.put("preopen_ports", List.of());
        return view;
    }

    /** Returns when a session last came into each state, as clients read it: state name to time. */
    static String history(List<HistoryEntry> entries) {
        var times = new HashMap<String, String>();
        entries.stream()
                .filter(entry -> entry.subject().equals("session"))
                .forEach(entry -> times.put(entry.to(), entry.at().toString()));
        return JsonText.of(times);
    }

    private static String exitData(KernelRecord kernel) {
        var exit = Objects.requireNonNull(kernel.exit());
        var data = new HashMap<String, @Nullable Object>();
        data.put("reason", exit.reason().wireName());
        data.put("exit_code", exit.exitCode());
        data.put("detail", exit.detail());
        return JsonText.of(data);
    }

    private static String wireName(KernelStatus status) {
        return status == KernelStatus.CREATING ? KernelStatus.PREPARING.name() : status.name();
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
