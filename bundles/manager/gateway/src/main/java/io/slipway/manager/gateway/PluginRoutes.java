package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.manager.gateway.AccessRule.SUPERADMIN;
import static io.slipway.manager.gateway.Endpoint.route;

import io.slipway.lib.http.Response;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.gateway.PluginAnswers.Ordered;
import io.slipway.manager.gateway.PluginAnswers.Plans;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Plug-ins, for superadmins. A change is a background task. */
@Component(service = PluginRoutes.class)
public final class PluginRoutes {

    private static final String ID = "id";
    private static final String SOURCE = "source";
    private static final String VERSION = "version";
    private static final String SETTINGS = "settings";
    private static final int MOST_LINES = 1_000;

    private final PluginDesk desk;
    private final BackgroundTasks tasks;

    /** Used by the component runtime. */
    @Activate
    public PluginRoutes(@Reference PluginDesk desk, @Reference BackgroundTasks tasks) {
        this.desk = desk;
        this.tasks = tasks;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        var nothing = Endpoint.Nothing.class;
        return List.of(
                route(GET, "/plugins", SUPERADMIN, nothing, PluginAnswers.Listed.class, this::list),
                route(POST, "/plugins", SUPERADMIN, SourceRequest.class, Ordered.class, this::install),
                route(
                        GET,
                        "/plugins/_/history",
                        SUPERADMIN,
                        HistoryRequest.class,
                        PluginAnswers.History.class,
                        this::history),
                route(GET, "/plugins/_/offers", SUPERADMIN, nothing, PluginAnswers.Offers.class, this::offers),
                route(POST, "/plugins/_/plan", SUPERADMIN, SourceRequest.class, Plans.class, this::plan),
                route(POST, "/plugins/_/upload", SUPERADMIN, UploadRequest.class, Ordered.class, this::upload),
                route(GET, "/plugins/{id}", SUPERADMIN, nothing, PluginAnswers.Told.class, call -> tell(call, false)),
                route(
                        GET,
                        "/plugins/{id}/explain",
                        SUPERADMIN,
                        nothing,
                        PluginAnswers.Told.class,
                        call -> tell(call, true)),
                route(GET, "/plugins/{id}/contents", SUPERADMIN, nothing, PluginAnswers.Contents.class, this::contents),
                route(POST, "/plugins/{id}/swap", SUPERADMIN, SwapRequest.class, Ordered.class, this::swap),
                route(POST, "/plugins/{id}/rollback", SUPERADMIN, nothing, Ordered.class, this::rollback));
    }

    record SourceRequest(String source, Optional<PluginId> id, Map<String, String> settings) {

        static SourceRequest read(Parameters parameters) {
            return new SourceRequest(
                    checked(parameters, parameters.text(SOURCE)), optionalId(parameters), parameters.textMap(SETTINGS));
        }
    }

    record SwapRequest(Optional<String> source, Optional<String> version, Map<String, String> settings) {

        static SwapRequest read(Parameters parameters) {
            var source = parameters.optionalText(SOURCE).map(text -> checked(parameters, text));
            var version = parameters.optionalText(VERSION);
            if (source.isPresent() == version.isPresent()) {
                parameters.reject(SOURCE, "is required, or version in its place");
            }
            var settings = parameters.textMap(SETTINGS);
            if (version.isPresent() && !settings.isEmpty()) {
                parameters.reject(SETTINGS, "go with a new source: a version on disk has its own");
            }
            return new SwapRequest(source, version, settings);
        }
    }

    record HistoryRequest(Optional<PluginId> id, int limit) {}

    record UploadRequest(Optional<PluginId> id, boolean isPlan) {}

    /** What is on the server's own disk is for the shell: here it would let clients ask which files there are. */
    private static String checked(Parameters parameters, String text) {
        if (!text.matches("https?://.+|[a-z][a-z0-9-]{0,63}(@[0-9A-Za-z._-]{1,128})?")) {
            parameters.reject(SOURCE, "must be an http(s) URL or NAME[@VERSION] of a plug-in repository");
        }
        return text;
    }

    private static Optional<PluginId> optionalId(Parameters parameters) {
        return parameters.optionalText(ID).flatMap(text -> {
            try {
                return Optional.of(new PluginId(text));
            } catch (IllegalArgumentException e) {
                parameters.reject(ID, "must be lower-case letters, digits and -");
                return Optional.empty();
            }
        });
    }

    private Response list(Call call) {
        var all = desk.plugins().statuses().stream().map(PluginAnswers::of).toList();
        return Json.response(200, new PluginAnswers.Listed(all, desk.isDevelopment()));
    }

    private Response tell(Call call, boolean isStory) {
        return Json.response(200, PluginAnswers.of(known(call), isStory, desk.isDevelopment()));
    }

    private PluginExplanation known(Call call) {
        var text = call.path(ID);
        try {
            var told = desk.administration().explain(new PluginId(text));
            if (told.status().isPresent()
                    || !told.versions().isEmpty()
                    || !told.history().isEmpty()) {
                return told;
            }
        } catch (IllegalArgumentException e) {
            throw notFound(text);
        }
        throw notFound(text);
    }

    private static SlipwayException notFound(String id) {
        return SlipwayException.notFound("plugin", "There is no plug-in '" + id + "'");
    }

    private Response history(Call call) throws IOException {
        var request = call.read(parameters ->
                new HistoryRequest(optionalId(parameters), parameters.number(100, 1, MOST_LINES, "limit")));
        var lines = desk.administration().history().stream()
                .filter(line -> request.id().isEmpty() || request.id().get().equals(line.id()))
                .map(PluginAnswers::of)
                .toList();
        var last = lines.subList(Math.max(0, lines.size() - request.limit()), lines.size());
        return Json.response(200, new PluginAnswers.History(last, desk.isDevelopment()));
    }

    private Response offers(Call call) {
        try {
            var offers = desk.sources().offers().stream().map(PluginAnswers::of).toList();
            return Json.response(200, new PluginAnswers.Offers(offers, desk.isDevelopment()));
        } catch (IOException e) {
            throw new SlipwayException(FailureCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** What is inside the version that serves, by the list of the repository that offers it. */
    private Response contents(Call call) {
        var told = known(call);
        var status = told.status()
                .orElseThrow(() -> SlipwayException.notFound("plugin", "No version of " + told.id() + " is in use"));
        try {
            var contents = desk.sources().contents(told.id(), status.version());
            return Json.response(
                    200,
                    new PluginAnswers.Contents(
                            told.id().value(),
                            status.version(),
                            contents.origin(),
                            contents.parts(),
                            desk.isDevelopment()));
        } catch (IOException e) {
            throw SlipwayException.notFound("plugin-contents", String.valueOf(e.getMessage()));
        }
    }

    private Response plan(Call call) throws IOException {
        var request = call.read(SourceRequest::read);
        try (var fetched = desk.sources().fetch(request.source(), request.id())) {
            return plans(fetched, request.settings());
        } catch (IOException e) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** Settings of what would be refused anyway are not looked at: nothing more is read out of such a file. */
    private Response plans(FetchedPlugins fetched, Map<String, String> wanted) throws IOException {
        var settings = fetched.refusal().isEmpty() ? wanted : Map.<String, String>of();
        var plans = desk.administration().plan(fetched.transaction(settings));
        var answers = IntStream.range(0, plans.size())
                .mapToObj(i -> PluginAnswers.of(plans.get(i), fetched.plugins().get(i)))
                .toList();
        return Json.response(200, new Plans(answers, settings, desk.isDevelopment()));
    }

    private Response install(Call call) throws IOException {
        var request = call.read(SourceRequest::read);
        var arguments = arguments(request.id(), PluginTask.SOURCE, request.source());
        return ordered(call, with(arguments, request.settings()));
    }

    private Response upload(Call call) throws IOException {
        var request = Parameters.read(
                Parameters.ofQuery(call.request()),
                parameters -> new UploadRequest(optionalId(parameters), parameters.flag(false, "plan")));
        var name = desk.uploads().receive(call.request(), desk.sources().maxBytes());
        if (!request.isPlan()) {
            return ordered(call, arguments(request.id(), PluginTask.UPLOAD, name));
        }
        try (var fetched = desk.sources().open(desk.uploads().file(name), request.id(), "uploaded")) {
            return plans(fetched, Map.of());
        } catch (IOException e) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        } finally {
            desk.uploads().delete(name);
        }
    }

    private Response swap(Call call) throws IOException {
        var request = call.read(SwapRequest::read);
        var id = Optional.of(known(call).id());
        return ordered(
                call,
                request.source()
                        .map(source -> with(arguments(id, PluginTask.SOURCE, source), request.settings()))
                        .orElseGet(() -> arguments(
                                id, PluginTask.VERSION, request.version().orElseThrow())));
    }

    private Response rollback(Call call) {
        var told = known(call);
        var status = told.status()
                .orElseThrow(() ->
                        new SlipwayException(FailureCode.BAD_REQUEST, "The plug-in " + told.id() + " is not in use"));
        return ordered(call, arguments(Optional.of(told.id()), PluginTask.FROM, status.version()));
    }

    private static Map<String, String> with(Map<String, String> arguments, Map<String, String> settings) {
        settings.forEach((name, value) -> arguments.put(PluginTask.SET + name, value));
        return arguments;
    }

    private static Map<String, String> arguments(Optional<PluginId> id, String key, String value) {
        var arguments = new LinkedHashMap<String, String>();
        arguments.put(key, value);
        id.ifPresent(given -> arguments.put(PluginTask.ID, given.value()));
        return arguments;
    }

    private Response ordered(Call call, Map<String, String> arguments) {
        var task = tasks.start(call.caller(), PluginTask.KIND, arguments);
        return Json.response(202, Ordered.of(task, desk.isDevelopment()));
    }
}
