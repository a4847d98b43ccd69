package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.manager.gateway.AccessRule.SUPERADMIN;
import static io.slipway.manager.gateway.Endpoint.route;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.lib.http.Header;
import io.slipway.lib.http.Request;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.ResponseBody;
import io.slipway.lib.http.Route;
import io.slipway.metrics.api.Exposition;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Figures for superadmins; collectors, which cannot sign, have {@link MetricsPort}. */
@Component(service = MetricsRoutes.class)
public final class MetricsRoutes {

    static final String PATH = "/metrics";

    private final Exposition exposition;

    /** Used by the component runtime. */
    @Activate
    public MetricsRoutes(@Reference Exposition exposition) {
        this.exposition = exposition;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        return List.of(route(
                GET,
                PATH,
                SUPERADMIN,
                Endpoint.Nothing.class,
                Exposition.Page.class,
                call -> page(exposition, call.request())));
    }

    static Response page(Exposition exposition, Request request) {
        var page = exposition.page(request.header("Accept").orElse(""));
        var type = new Header("Content-Type", page.contentType());
        return new Response(200, List.of(type), ResponseBody.of(page.text().getBytes(UTF_8)));
    }
}
