package io.slipway.manager.gateway;

import static io.slipway.lib.http.HttpMethod.GET;
import static io.slipway.lib.http.HttpMethod.POST;
import static io.slipway.manager.gateway.AccessRule.USER;
import static io.slipway.manager.gateway.Endpoint.route;

import io.slipway.agent.api.FileContent;
import io.slipway.agent.api.FileEntry;
import io.slipway.agent.api.FileListing;
import io.slipway.lib.http.Header;
import io.slipway.lib.http.MultipartForm;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.ResponseBody;
import io.slipway.lib.http.Route;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionFiles;
import io.slipway.manager.api.SessionService;
import io.slipway.model.identity.AccessKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files in sessions. */
@Component(configurationPid = "io.slipway.manager.gateway.files", service = FileRoutes.class)
@Designate(ocd = FileRoutes.Config.class)
public final class FileRoutes {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager gateway: files in sessions")
    public @interface Config {
        @AttributeDefinition(description = "Largest file of an upload into a session, in bytes", min = "1")
        long maxUploadFileBytes() default 1_048_576;

        @AttributeDefinition(description = "Most files of one upload into a session", min = "1")
        int maxUploadFiles() default 20;
    }

    private static final Logger LOG = LoggerFactory.getLogger(FileRoutes.class);
    private static final int MOST_DOWNLOADS = 5;
    private static final double NANOS = 1e9;
    private static final String OWNER = "owner_access_key";
    private static final String SESSION = "session";

    private final SessionFiles files;
    private final SessionService sessions;
    private final IdentityService identities;
    private final long maxFileBytes;
    private final int maxFiles;

    /** Used by the component runtime. */
    @Activate
    public FileRoutes(
            Config config,
            @Reference SessionFiles files,
            @Reference SessionService sessions,
            @Reference IdentityService identities) {
        this(files, sessions, identities, config.maxUploadFileBytes(), config.maxUploadFiles());
    }

    FileRoutes(
            SessionFiles files, SessionService sessions, IdentityService identities, long maxFileBytes, int maxFiles) {
        if (maxFileBytes < 1 || maxFiles < 1) {
            throw new IllegalArgumentException(
                    "maxUploadFileBytes " + maxFileBytes + " and maxUploadFiles " + maxFiles + " must be above zero");
        }
        this.files = files;
        this.sessions = sessions;
        this.identities = identities;
        this.maxFileBytes = maxFileBytes;
        this.maxFiles = maxFiles;
    }

    List<Route<AccessRule, Endpoint>> routes() {
        var nothing = Endpoint.Nothing.class;
        return List.of(
                route(GET, "/session/{session}/files", USER, ListRequest.class, ListAnswer.class, this::list),
                route(POST, "/session/{session}/upload", USER, nothing, nothing, this::upload),
                route(POST, "/session/{session}/download", USER, DownloadRequest.class, nothing, this::download),
                route(
                        POST,
                        "/session/{session}/download_single",
                        USER,
                        SingleRequest.class,
                        nothing,
                        this::downloadSingle),
                route(GET, "/session/{session}/download", USER, nothing, nothing, FileRoutes::deprecated),
                route(GET, "/session/{session}/download_single", USER, nothing, nothing, FileRoutes::deprecated));
    }

    record ListRequest(String path) {}

    /** The list of files is JSON text within JSON. */
    record ListAnswer(String files, String errors, String abspath) {}

    record ListedFile(String mode, long size, double ctime, double mtime, double atime, String filename) {}

    record DownloadRequest(List<String> files) {}

    record SingleRequest(String file) {}

    private Response list(Call call) throws IOException {
        var request = call.readAnyBody(
                parameters -> new ListRequest(parameters.optionalText("path").orElse(".")));
        var listing = files.list(owner(call), call.path(SESSION), request.path());
        var listed = listing.entries().stream().map(FileRoutes::listed).toList();
        return Json.response(200, new ListAnswer(Json.text(listed), errors(listing), listing.path()));
    }

    private static String errors(FileListing listing) {
        return listing.isComplete()
                ? ""
                : "The folder has more files than the first "
                        + listing.entries().size() + " that are listed";
    }

    private static ListedFile listed(FileEntry entry) {
        return new ListedFile(
                entry.mode(),
                entry.size(),
                seconds(entry.created()),
                seconds(entry.modified()),
                seconds(entry.accessed()),
                entry.name());
    }

    private static double seconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / NANOS;
    }

    private Response upload(Call call) throws IOException {
        var owner = owner(call);
        // a form may have no part, and then nothing else asks whether the session is there
        var session = sessions.get(owner, call.path(SESSION), false);
        LOG.debug("Upload into {}", session.id());
        try (var receiver = new Uploads(owner, call.path(SESSION))) {
            MultipartForm.read(call.request(), maxFiles, receiver);
        } catch (MultipartForm.MalformedException e) {
            throw new Refusal(Problem.Kind.INVALID_API_PARAMS.because(String.valueOf(e.getMessage())));
        }
        return Response.empty(204);
    }

    /** Puts each part of a form into the session; confined to one request. */
    private final class Uploads implements MultipartForm.Receiver, AutoCloseable {

        private final AccessKey owner;
        private final String session;
        private Optional<SessionFiles.Upload> current = Optional.empty();

        Uploads(AccessKey owner, String session) {
            this.owner = owner;
            this.session = session;
        }

        @Override
        public void begin(String name, Optional<String> fileName) {
            var path = fileName.filter(text -> !text.isEmpty())
                    .orElseThrow(
                            () -> new Refusal(Problem.Kind.INVALID_API_PARAMS.because("Each part needs a file name")));
            current = Optional.of(files.upload(owner, session, path, maxFileBytes));
        }

        @Override
        public void content(byte[] bytes, int from, int length) {
            current.ifPresent(upload -> upload.write(bytes, from, length));
        }

        @Override
        public void end() {
            current.ifPresent(SessionFiles.Upload::complete);
            close();
        }

        @Override
        public void close() {
            current.ifPresent(SessionFiles.Upload::close);
            current = Optional.empty();
        }
    }

    private Response download(Call call) throws IOException {
        var request = call.readAnyBody(parameters -> {
            var paths = parameters.texts("files");
            if (paths.isEmpty() || paths.size() > MOST_DOWNLOADS) {
                parameters.reject("files", "must be 1 to " + MOST_DOWNLOADS + " paths");
            }
            return new DownloadRequest(paths);
        });
        var owner = owner(call);
        var archives = new ArrayList<FileContent>();
        try {
            for (var path : request.files()) {
                archives.add(files.archive(owner, call.path(SESSION), path));
            }
            var response = MixedParts.response(List.copyOf(archives));
            archives.clear();
            return response;
        } finally {
            archives.forEach(FileContent::close);
        }
    }

    private Response downloadSingle(Call call) throws IOException {
        var request = call.readAnyBody(parameters -> new SingleRequest(parameters.text("file")));
        var content = files.read(owner(call), call.path(SESSION), request.file());
        ResponseBody.Writer writer = out -> {
            try (content) {
                content.writeTo(out);
            }
        };
        return new Response(
                200,
                List.of(
                        new Header("Content-Type", "application/octet-stream"),
                        // a file of a session must never run as a page of this origin
                        new Header("Content-Disposition", "attachment"),
                        new Header("X-Content-Type-Options", "nosniff")),
                new ResponseBody.Streamed(content.length(), writer));
    }

    private static Response deprecated(Call call) {
        throw new Refusal(Problem.Kind.DEPRECATED.because("Send a POST with a JSON body"));
    }

    /** The owner comes in the query even where there is a body. */
    private AccessKey owner(Call call) {
        var requested =
                Parameters.read(Parameters.ofQuery(call.request()), parameters -> parameters.optionalText(OWNER));
        return identities.owner(call.caller(), requested);
    }
}
