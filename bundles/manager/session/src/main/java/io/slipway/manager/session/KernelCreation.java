package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.KernelTask;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.session.Launches.Launch;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.BinarySize;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks an agent to create one kernel; tries again a few times if it is not known whether the call arrived. */
final class KernelCreation {

    private static final int TRIES = 3;

    private final AgentCalls calls;
    private final ImageCatalog images;
    private final Settings settings;
    private final RandomGenerator random;
    private final Duration firstPause;

    /**
     * Creates one.
     *
     * @param firstPause about how long to wait before the second try; doubles with each further one
     */
    KernelCreation(
            AgentCalls calls, ImageCatalog images, Settings settings, RandomGenerator random, Duration firstPause) {
        this.calls = calls;
        this.images = images;
        this.settings = settings;
        this.random = random;
        this.firstPause = firstPause;
    }

    /** Returns how it failed; empty if the agent accepted the kernel. */
    Optional<Launcher.Failure> create(Launch launch, SessionRecord session, KernelRecord kernel) {
        var agent = Objects.requireNonNull(kernel.agent(), "placed kernel without agent");
        var request = request(session, kernel);
        for (int attempt = 1; ; attempt++) {
            try {
                calls.call(agent, AgentCalls.Kind.CREATE, connection -> {
                    connection.create(request);
                    return request;
                });
                return Optional.empty();
            } catch (AgentException e) {
                if (attempt == TRIES || !isDoubtful(e.reason()) || launch.isForbidden() || !pause(attempt)) {
                    return Optional.of(new Launcher.Failure(kernel, e));
                }
            }
        }
    }

    /** Returns whether the call may have arrived all the same. */
    static boolean isDoubtful(Reason reason) {
        return reason == Reason.TIMEOUT || reason == Reason.UNREACHABLE;
    }

    private boolean pause(int attempt) {
        try {
            var longest = firstPause.toMillis() << attempt;
            TimeUnit.MILLISECONDS.sleep(random.nextLong(longest / 2, longest + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns the request to create a kernel. */
    CreateKernel request(SessionRecord session, KernelRecord kernel) {
        var sharedMemory = session.details().resourceOpts().get("shmem");
        return new CreateKernel(
                kernel.id(),
                session.id(),
                session.name(),
                kernel.image(),
                labels(kernel),
                kernel.request(),
                environment(session, kernel),
                kernel.hostname(),
                sharedMemory == null ? 0 : BinarySize.parse(sharedMemory),
                task(session, kernel),
                settings.creating());
    }

    /** The main kernel runs the job; every kernel its bootstrap script. */
    private static @Nullable KernelTask task(SessionRecord session, KernelRecord kernel) {
        var details = session.details();
        var bootstrap = Objects.requireNonNullElse(details.bootstrapScript(), "");
        var isJob = details.type() == SessionType.BATCH
                && kernel.id().equals(session.mainKernel().id());
        var command = isJob ? Objects.requireNonNullElse(details.startupCommand(), "") : "";
        return bootstrap.isEmpty() && command.isEmpty()
                ? null
                : new KernelTask(bootstrap, command, isJob ? details.timeoutSeconds() : 0);
    }

    private Map<String, String> labels(KernelRecord kernel) {
        try {
            return images.resolve(kernel.image().canonical(), kernel.image().architecture())
                    .labels();
        } catch (SlipwayException e) {
            return Map.of(); // taken off the catalog meanwhile: the agent says whether it can do without
        }
    }

    /** The user's variables and what a program inside may want to know; nothing that opens a door outside. */
    private static Map<String, String> environment(SessionRecord session, KernelRecord kernel) {
        var result = new HashMap<>(session.details().environment());
        var roles = session.kernels().stream().collect(Collectors.groupingBy(KernelRecord::clusterRole));
        result.put("BACKENDAI_SESSION_ID", session.id().toString());
        result.put("BACKENDAI_SESSION_NAME", session.name());
        result.put("BACKENDAI_KERNEL_ID", kernel.id().toString());
        result.put("BACKENDAI_KERNEL_IMAGE", kernel.image().canonical());
        result.put("BACKENDAI_CLUSTER_SIZE", Integer.toString(session.kernels().size()));
        result.put(
                "BACKENDAI_CLUSTER_REPLICAS",
                roles.entrySet().stream()
                        .map(role -> role.getKey() + ":" + role.getValue().size())
                        .sorted()
                        .collect(Collectors.joining(",")));
        result.put(
                "BACKENDAI_CLUSTER_HOSTS",
                session.kernels().stream().map(KernelRecord::hostname).collect(Collectors.joining(",")));
        result.put("BACKENDAI_CLUSTER_HOST", kernel.hostname());
        result.put("BACKENDAI_CLUSTER_ROLE", kernel.clusterRole());
        result.put("BACKENDAI_CLUSTER_IDX", Integer.toString(kernel.clusterIndex()));
        return result;
    }
}
