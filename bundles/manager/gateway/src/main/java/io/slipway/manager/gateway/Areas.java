package io.slipway.manager.gateway;

import io.slipway.lib.http.Route;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The one list of all routes. */
@Component(service = Areas.class)
public final class Areas {

    private final List<Route<AccessRule, Endpoint>> routes;

    /** Used by the component runtime. */
    @Activate
    public Areas(
            @Reference AuthRoutes auth,
            @Reference ClusterRoutes cluster,
            @Reference SessionAreas sessions,
            @Reference GraphQlRoutes graphQl,
            @Reference PluginRoutes plugins,
            @Reference MetricsRoutes metrics) {
        this.routes = Stream.of(
                        auth.routes(),
                        cluster.routes(),
                        sessions.routes(),
                        graphQl.routes(),
                        plugins.routes(),
                        metrics.routes())
                .flatMap(List::stream)
                .toList();
    }

    List<Route<AccessRule, Endpoint>> routes() {
        return routes;
    }
}
