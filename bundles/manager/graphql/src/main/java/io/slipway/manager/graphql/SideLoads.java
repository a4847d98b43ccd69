package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.agent.api.KernelUse;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.KernelMetrics;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.KernelRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Fields of sessions, kernels and agents that are stored apart from them: fetched only if somebody asks, for all rows of an
 * answer together. What kernels use is in memory.
 */
final class SideLoads {

    private static final String HISTORIES = "histories by session";
    private static final String NAMES = "full names by user";
    private static final String KERNELS = "kernels by agent";

    private final SessionService sessions;
    private final IdentityService identity;
    private final AgentDirectory agents;

    SideLoads(SessionService sessions, IdentityService identity, AgentDirectory agents) {
        this.sessions = sessions;
        this.identity = identity;
        this.agents = agents;
    }

    /** Adds what fetches for one request. */
    void register(DataLoaderRegistry.Builder registry) {
        DataLoader<SessionId, String> histories = DataLoaderFactory.newDataLoader(HISTORIES, ids -> {
            var found = sessions.histories(ids);
            return CompletableFuture.completedFuture(ids.stream()
                    .map(id -> SessionViews.history(found.getOrDefault(id, List.of())))
                    .toList());
        });
        DataLoader<UUID, String> names = DataLoaderFactory.newDataLoader(NAMES, ids -> {
            var found = identity.fullNames(ids);
            return CompletableFuture.completedFuture(
                    ids.stream().map(id -> found.getOrDefault(id, "")).toList());
        });
        DataLoader<AgentId, List<KernelRecord>> kernels = DataLoaderFactory.newDataLoader(KERNELS, ids -> {
            var found = sessions.kernelsByAgent();
            return CompletableFuture.completedFuture(
                    ids.stream().map(id -> found.getOrDefault(id, List.of())).toList());
        });
        registry.register(HISTORIES, histories).register(NAMES, names).register(KERNELS, kernels);
    }

    CompletableFuture<String> statusHistory(DataFetchingEnvironment environment) {
        return SideLoads.<UUID, SessionId, String>load(environment, HISTORIES, "session_id", SessionId::new);
    }

    CompletableFuture<String> fullName(DataFetchingEnvironment environment) {
        return SideLoads.<UUID, UUID, String>load(environment, NAMES, "user_id", id -> id);
    }

    /** Returns the live kernels of an agent, in the asked states. */
    CompletableFuture<List<Map<String, @Nullable Object>>> computeContainers(DataFetchingEnvironment environment) {
        @Nullable String status = environment.getArgument("status");
        var names = status == null || status.isBlank()
                ? List.<String>of()
                : Arrays.stream(status.toUpperCase(Locale.ROOT).split(",", -1))
                        .map(String::strip)
                        .toList();
        return SideLoads.<String, AgentId, List<KernelRecord>>load(environment, KERNELS, "id", AgentId::new)
                .thenApply(kernels -> kernels.stream()
                        .map(SessionViews::container)
                        .filter(view -> names.isEmpty() || names.contains(String.valueOf(view.get("status"))))
                        .toList());
    }

    private static <S, K, V> CompletableFuture<V> load(
            DataFetchingEnvironment environment, String loader, String field, java.util.function.Function<S, K> key) {
        Map<String, S> source = Objects.requireNonNull(environment.getSource());
        DataLoader<K, V> found = Objects.requireNonNull(environment.getDataLoader(loader));
        return found.load(key.apply(Objects.requireNonNull(source.get(field))));
    }

    /** Returns what a kernel uses now, or null if it does not run or is not measured. */
    @Nullable
    String stat(DataFetchingEnvironment environment) {
        return use(environment).map(use -> JsonText.of(KernelMetrics.of(use))).orElse(null);
    }

    @Nullable
    String agentAddress(DataFetchingEnvironment environment) {
        return agent(environment).map(view -> view.record().address()).orElse(null);
    }

    private Optional<KernelUse> use(DataFetchingEnvironment environment) {
        Map<String, Object> kernel = Objects.requireNonNull(environment.getSource());
        var id = new KernelId((UUID) Objects.requireNonNull(kernel.get("kernel_id")));
        return agent(environment).map(view -> view.kernels().get(id));
    }

    private Optional<AgentView> agent(DataFetchingEnvironment environment) {
        Map<String, Object> kernel = Objects.requireNonNull(environment.getSource());
        return kernel.get("agent") instanceof String id ? agents.find(new AgentId(id)) : Optional.empty();
    }
}
