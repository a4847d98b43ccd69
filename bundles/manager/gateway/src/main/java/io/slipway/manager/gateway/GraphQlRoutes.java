package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.GraphQlExecutor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The GraphQL endpoint and its older form. */
@Component(service = GraphQlRoutes.class)
public final class GraphQlRoutes {

    private static final String ERRORS = "errors";

    private final GraphQlExecutor executor;

    /** Used by the component runtime. */
    @Activate
    public GraphQlRoutes(@Reference GraphQlExecutor executor) {
        this.executor = executor;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        return List.of(
                route(POST, "/admin/gql", USER, Query.class, Map.class, this::standard),
                route(POST, "/admin/graphql", USER, Query.class, Map.class, this::legacy));
    }

    record Query(String query, Map<String, Object> variables, Optional<String> operationName) {

        static Query read(Parameters parameters) {
            return new Query(
                    parameters.text("query"),
                    parameters.plainObject("variables"),
                    parameters.optionalText("operationName", "operation_name"));
        }
    }

    private Response standard(Call call) throws IOException {
        return Json.response(200, execute(call));
    }

    /** Answers with the bare data, or with a problem that holds the errors. */
    private Response legacy(Call call) throws IOException {
        var answer = execute(call);
        var errors = answer.get(ERRORS);
        if (errors instanceof List<?> list && !list.isEmpty()) {
            return Problem.Kind.GRAPHQL_ERROR.with(null, errors).response();
        }
        var data = answer.get("data");
        return Json.response(200, data == null ? Map.of() : data);
    }

    private Map<String, Object> execute(Call call) throws IOException {
        var query = call.read(Query::read);
        return executor.execute(
                call.caller(),
                query.query(),
                query.variables(),
                query.operationName().orElse(null));
    }
}
