package io.slipway.manager.store;

import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session was asked to be, fixed at creation.
 *
 * @param type what it is for
 * @param priority 0 to 100, the higher the sooner
 * @param clusterMode how kernels are spread
 * @param tag the user's mark, or null
 * @param environment the user's variables
 * @param resourceOpts options such as {@code shmem}, as text
 * @param agents ids of the agents that it may run on; empty for any
 * @param startupCommand what a batch session runs, or null
 * @param callbackUrl who is told of its life, or null
 * @param bootstrapScript shell script that its kernels run before they count as running, or null
 * @param timeoutSeconds how long the startup command of a batch session may take, 0 for as long as it likes
 * @param startsAt before which it is not placed, or null
 * @param dependencies sessions that must have succeeded before it is placed
 */
public record SessionDetails(
        SessionType type,
        int priority,
        ClusterMode clusterMode,
        @Nullable String tag,
        Map<String, String> environment,
        Map<String, String> resourceOpts,
        List<String> agents,
        @Nullable String startupCommand,
        @Nullable String callbackUrl,
        @Nullable String bootstrapScript,
        long timeoutSeconds,
        @Nullable Instant startsAt,
        List<SessionId> dependencies) {

    /** Copies. */
    public SessionDetails {
        environment = Map.copyOf(environment);
        resourceOpts = Map.copyOf(resourceOpts);
        agents = List.copyOf(agents);
        dependencies = List.copyOf(dependencies);
    }
}
