package io.slipway.manager.gateway;

import io.slipway.config.api.SharedConfig;
import io.slipway.lib.http.Route;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** All routes about sessions and what happens to them. */
@Component(service = SessionAreas.class)
public final class SessionAreas {

    private final List<Route<AccessRule, Endpoint>> routes;

    /** Used by the component runtime. */
    @Activate
    public SessionAreas(
            @Reference SharedConfig config,
            @Reference SessionRoutes sessions,
            @Reference ExecutionRoutes execution,
            @Reference FileRoutes files,
            @Reference EventRoutes events) {
        var all = Stream.of(sessions.routes(), execution.routes(), files.routes(), events.routes())
                .flatMap(List::stream)
                .toList();
        this.routes = new Maintenance(config).guard(all);
    }

    List<Route<AccessRule, Endpoint>> routes() {
        return routes;
    }
}
