package io.slipway.manager.api;

import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a session, as it came; names are resolved and checked by {@link SessionService#create}.
 *
 * @param name 4 to 64 characters, word characters at both ends, inside also {@code .} and {@code -}
 * @param image canonical name or alias
 * @param architecture such as {@code x86_64}
 * @param type what it is for
 * @param priority 0 to 100
 * @param domain the domain's name, or null for the owner's
 * @param project the project's name
 * @param resourceGroup the resource group's name, or null for the first that the project may use
 * @param clusterSize how many kernels, at least 1
 * @param clusterMode how they are spread
 * @param tag the user's mark, or null
 * @param reuseIfExists whether a live session of the same name is returned instead
 * @param environment variables; names of letters, digits and {@code _}
 * @param resources slot name to amount as people write it ({@code 1}, {@code 512m}); absent slots get the image's minimum
 * @param resourceOpts options such as {@code shmem} to {@code 64m}
 * @param agents agents that it may run on; empty for any
 * @param startupCommand what a batch session runs, or null
 * @param callbackUrl who is told of its life, or null
 * @param bootstrapScript shell script that its kernels run before they count as running, or null
 * @param timeoutSeconds how long the startup command of a batch session may take, 0 for as long as it likes
 * @param startsAt when a batch session may start at the earliest: an ISO time, or a duration from now such as {@code 5m};
 *     null for at once
 * @param dependencies ids or names of the owner's sessions that must have succeeded before it starts
 */
public record CreateSession(
        String name,
        String image,
        String architecture,
        SessionType type,
        int priority,
        @Nullable String domain,
        String project,
        @Nullable String resourceGroup,
        int clusterSize,
        ClusterMode clusterMode,
        @Nullable String tag,
        boolean reuseIfExists,
        Map<String, String> environment,
        Map<String, String> resources,
        Map<String, String> resourceOpts,
        List<String> agents,
        @Nullable String startupCommand,
        @Nullable String callbackUrl,
        @Nullable String bootstrapScript,
        long timeoutSeconds,
        @Nullable String startsAt,
        List<String> dependencies) {

    /** Copies. */
    public CreateSession {
        environment = Map.copyOf(environment);
        resources = Map.copyOf(resources);
        resourceOpts = Map.copyOf(resourceOpts);
        agents = List.copyOf(agents);
        dependencies = List.copyOf(dependencies);
    }
}
