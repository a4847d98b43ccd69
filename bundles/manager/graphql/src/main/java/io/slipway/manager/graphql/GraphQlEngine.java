package io.slipway.manager.graphql;

import graphql.ExecutionInput;
import graphql.GraphQL;
import graphql.analysis.MaxQueryComplexityInstrumentation;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.execution.instrumentation.ChainedInstrumentation;
import graphql.schema.DataFetcher;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeRuntimeWiring;
import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.api.GraphQlExecutor;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Executes GraphQL requests over one fixed schema. Thread-safe; fields are fetched on the calling thread. */
@Component
public final class GraphQlEngine implements GraphQlExecutor {

    /** Deeper than any client goes, shallow enough that nesting is no attack. */
    private static final int MAX_DEPTH = 12;

    private static final int MAX_FIELDS = 500;

    /** Where the gateway keeps whether the manager is frozen. */
    private static final String STATUS = "manager/status";

    private static final String FROZEN = "frozen";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FutureTask<GraphQL> engine;
    private final SessionQueries sessionQueries;
    private final SideLoads sideLoads;

    /** Used by the component runtime. */
    @Activate
    public GraphQlEngine(
            @Reference SessionService sessions,
            @Reference IdentityService identity,
            @Reference AgentDirectory agents,
            @Reference ImageCatalog images,
            @Reference SchedulingStore scheduling,
            @Reference BackgroundTasks tasks,
            @Reference SharedConfig config) {
        this.sessionQueries = new SessionQueries(sessions);
        this.sideLoads = new SideLoads(sessions, identity, agents);
        var identityQueries = new IdentityQueries(identity, sessions);
        var catalogQueries = new CatalogQueries(agents, images, scheduling);
        var taskMutations = new TaskMutations(tasks);
        var mutations = TypeRuntimeWiring.newTypeWiring("Mutation")
                .dataFetcher("rescan_images", unlessFrozen(config, Arguments.checked(taskMutations::rescanImages)));
        var queries = TypeRuntimeWiring.newTypeWiring("Query")
                .dataFetcher("keypair", Arguments.checked(identityQueries::keypair))
                .dataFetcher("compute_session_list", Arguments.checked(sessionQueries::list))
                .dataFetcher("compute_session", Arguments.checked(sessionQueries::one))
                .dataFetcher("images", Arguments.checked(catalogQueries::images))
                .dataFetcher("agent_list", Arguments.checked(catalogQueries::agents));
        var session = TypeRuntimeWiring.newTypeWiring("ComputeSession")
                .dataFetcher("dependencies", sessionQueries::dependencies)
                .dataFetcher("status_history", sideLoads::statusHistory)
                .dataFetcher("full_name", sideLoads::fullName);
        var container = TypeRuntimeWiring.newTypeWiring("ComputeContainer")
                .dataFetcher("live_stat", sideLoads::stat)
                .dataFetcher("last_stat", sideLoads::stat)
                .dataFetcher("agent_addr", sideLoads::agentAddress);
        var agent = TypeRuntimeWiring.newTypeWiring("Agent")
                .dataFetcher("compute_containers", sideLoads::computeContainers);
        var keypair = TypeRuntimeWiring.newTypeWiring("KeyPair")
                .dataFetcher("compute_sessions", Arguments.checked(sessionQueries::ofKeypair));
        // it takes some tenths of a second, for which the start of the server need not wait
        this.engine = new FutureTask<>(() -> engine(queries, mutations, session, container, agent, keypair));
        Thread.ofPlatform().daemon().name("slipway-graphql-schema").start(engine);
    }

    private GraphQL ready() {
        try {
            return engine.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(FailureCode.UNAVAILABLE, "interrupted while the schema was being made");
        } catch (TimeoutException e) {
            throw new SlipwayException(FailureCode.UNAVAILABLE, "the schema is still being made");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the schema cannot be made", e);
        }
    }

    @Override
    public Map<String, Object> execute(
            Principal caller, String query, Map<String, Object> variables, @Nullable String operationName) {
        var loaders = DataLoaderRegistry.newRegistry().register(SessionQueries.BY_ID, sessionQueries.loader());
        sideLoads.register(loaders);
        return ready().execute(ExecutionInput.newExecutionInput()
                        .query(query)
                        .variables(variables)
                        .operationName(operationName)
                        .graphQLContext(Map.of(Caller.CONTEXT_KEY, caller, Nodes.CONTEXT_KEY, new Nodes()))
                        .dataLoaderRegistry(loaders.build())
                        .build())
                .toSpecification();
    }

    /** A frozen manager begins nothing new. */
    private static <T> DataFetcher<T> unlessFrozen(SharedConfig config, DataFetcher<T> mutation) {
        return environment -> {
            if (config.get(STATUS).filter(FROZEN::equals).isPresent()) {
                throw new SlipwayException(
                        FailureCode.UNAVAILABLE, "The server is frozen due to maintenance. Please try again later.");
            }
            return mutation.get(environment);
        };
    }

    private static GraphQL engine(TypeRuntimeWiring.Builder... types) {
        var wiring = RuntimeWiring.newRuntimeWiring();
        List.of(types).forEach(wiring::type);
        Scalars.all().forEach(wiring::scalar);
        GraphQLSchema schema =
                new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(text()), wiring.build());
        return GraphQL.newGraphQL(schema)
                .defaultDataFetcherExceptionHandler(new FetchFailures())
                .instrumentation(new ChainedInstrumentation(List.of(
                        new MaxQueryDepthInstrumentation(MAX_DEPTH),
                        new MaxQueryComplexityInstrumentation(MAX_FIELDS))))
                .build();
    }

    private static String text() {
        try (var stream = Objects.requireNonNull(GraphQlEngine.class.getResourceAsStream("schema.graphqls"));
                var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            return reader.readAllAsString();
        } catch (IOException e) {
            throw new UncheckedIOException("the schema is part of this bundle", e);
        }
    }
}
