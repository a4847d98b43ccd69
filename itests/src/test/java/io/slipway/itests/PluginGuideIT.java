package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger does who writes a plug-in: the guide, as it stands, on a running server; and every kind of skeleton. */
class PluginGuideIT {

    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final Pattern SNIPPET =
            Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** A version that was there before and is not retired yet. */
    private static final Set<String> GIVEN_UP = Set.of("PROBATION", "STANDBY", "DRAINING");

    private static final String NOOP = "noop/noop:latest";

    /** Nothing but a failed call speaks against a version, so that a busy machine makes this slower and never fail. */
    private static final Map<String, String> SETTINGS = Map.of("io.slipway.plugin.lifecycle.cfg", SwapIT.PATIENT);

    @TempDir
    private Path folder;

    @Test
    void theGuideWorksAsItStands() throws Exception {
        var script = new StringBuilder("set -eu\n");
        var snippets = SNIPPET.matcher(Files.readString(Installation.ROOT.resolve("docs/plugins.md")));
        while (snippets.find()) {
            assertEquals("sh", snippets.group(1), "nobody runs a snippet that is no shell");
            script.append("set -x\n").append(snippets.group(2)).append("{ set +x; } 2>/dev/null\n");
        }
        assertTrue(script.toString().lines().count() > 40, "the guide has no snippets");
        var settings = Map.of("io.slipway.plugin.lifecycle.cfg", "probationMillis = 300\n");
        try (var installation = Installation.start(settings)) {
            bash(script.toString(), Map.of("SITE", installation.home().toString()));
        }
    }

    @Test
    void aRuntimeOfTheSkeletonCarriesSessionsOverASwap() throws Exception {
        build("runtime", "s#/any:1#/any:2#");
        try (var installation = Installation.start(SETTINGS)) {
            var control = trusting(installation);
            var api = new Api(SignedHttp.user(installation));
            succeeded(control.install("card", jar("1.0.0")));
            var first = created(api, "first", "card/any:1");

            succeeded(control.install("card", jar("1.1.0")));
            assertServes(control, "1.1.0");
            var second = created(api, "second", "card/any:2"); // an image that the new version alone has
            assertEquals("RUNNING", api.status(first), "a session that the old version made");
            api.destroy(first);
            api.destroy(second);

            succeeded(control.rollback("card"));
            assertServes(control, "1.0.0");
            api.destroy(created(api, "third", "card/any:1"));
        }
    }

    @Test
    void aPolicyOfTheSkeletonPlacesSessionsOverASwap() throws Exception {
        build("policy", "s/the one without kernels/the idle one/");
        var settings = new HashMap<>(SETTINGS);
        settings.put("io.slipway.manager.scheduler.cfg", "sequencing=card\nselector=card\nrebuildEverySeconds=1\n");
        try (var installation = Installation.start(settings)) {
            var control = trusting(installation);
            var api = new Api(SignedHttp.user(installation));
            var waiting =
                    Api.json(enqueued(api, "waiting").body()).path("sessionId").asText();
            // nobody else decides
            await(() -> api.graphQl("{ compute_session(id: \"" + waiting + "\") { status status_info } }")
                    .toString()
                    .contains("card is not active"));

            succeeded(control.install("card", jar("1.0.0")));
            await(() -> api.status(waiting).equals("RUNNING"));
            succeeded(control.install("card", jar("1.1.0")));
            assertServes(control, "1.1.0");
            api.destroy(api.create("after", NOOP));
            succeeded(control.rollback("card"));
            assertServes(control, "1.0.0");
            api.destroy(api.create("back", NOOP));
            api.destroy(waiting);
        }
    }

    /**
     * Makes a skeleton as the guide does, and builds, signs and checks two versions of it.
     *
     * @param change what is other in the second, for {@code sed}
     */
    private void build(String kind, String change) throws IOException {
        var guide = Files.readString(Installation.ROOT.resolve("docs/plugins.md"));
        var make = guide.lines()
                .dropWhile(line -> !line.startsWith("mvn -B -q org.apache.maven.plugins:maven-archetype-plugin"))
                .takeWhile(line -> !line.startsWith("```"))
                .collect(Collectors.joining("\n"))
                .replace("-Dkind=accelerator", "-Dkind=" + kind);
        bash("""
                set -eu
                mkdir -p "$SOURCES"; cd "$SOURCES"
                %s
                check() { jarsigner -verify -strict -keystore .signing/development.p12 -storepass development "$1"; }
                mvn -B -q verify
                check target/*-1.0.0.jar
                jar --create --file unsigned.jar -C target/classes .
                if check unsigned.jar; then exit 1; fi
                sed -i '0,/1\\.0\\.0/s//1.1.0/' pom.xml
                sed -i '%s' src/main/java/com/example/card/*.java
                mvn -B -q verify
                check target/*-1.1.0.jar
                """.formatted(make, change), Map.of());
    }

    private Path jar(String version) {
        return folder.resolve("sources/com.example.card/target/com.example.card-" + version + ".jar");
    }

    /** Lets the site take what the development key has signed. */
    private PluginControl trusting(Installation installation) throws IOException {
        var trusted = Files.createDirectories(installation.home().resolve("etc/plugin-trust"));
        Files.copy(
                folder.resolve("sources/com.example.card/.signing/development.pem"),
                trusted.resolve("card-development.pem"));
        return new PluginControl(SignedHttp.admin(installation));
    }

    private static void succeeded(PluginControl.Outcome outcome) {
        assertTrue(outcome.isDone(), outcome::words);
    }

    /** It alone: no call can go to another version. */
    private static void assertServes(PluginControl control, String version) {
        var status = Await.until(PATIENCE, () -> control.status("card"), PluginGuideIT::isAlone);
        assertEquals(version, status.path("version").asText(), status::toString);
        assertEquals("ACTIVE", status.path("state").asText(), status::toString);
    }

    private static boolean isAlone(JsonNode status) {
        return status.findValuesAsText("state").stream().noneMatch(GIVEN_UP::contains);
    }

    /** Creates a session of an image that the server may not have heard of yet. */
    private static String created(Api api, String name, String image) {
        var answer = Await.until(
                PATIENCE,
                () -> api.send("POST", "/session", Api.creation(name, image, false)),
                response -> response.statusCode() == 201);
        var session = Api.json(answer.body());
        assertEquals("RUNNING", session.path("status").asText(), answer::body);
        return session.path("sessionId").asText();
    }

    private static HttpResponse<String> enqueued(Api api, String name) {
        var answer = api.send("POST", "/session", Api.creation(name, NOOP, true));
        assertEquals(201, answer.statusCode(), answer::body);
        return answer;
    }

    private static void await(BooleanSupplier condition) {
        assertTrue(Await.until(PATIENCE, condition::getAsBoolean, holds -> holds));
    }

    /** Runs it with the JDK and the Maven repository of this build. */
    private void bash(String script, Map<String, String> more) throws IOException {
        var java = System.getProperty("java.home");
        var environment = new HashMap<>(more);
        environment.put("JAVA_HOME", java);
        environment.put("PATH", java + "/bin:" + System.getenv("PATH"));
        environment.put("SLIPWAY", Installation.ROOT.toString());
        environment.put("SOURCES", folder.resolve("sources").toString());
        var repository = System.getProperty("localRepository");
        environment.put("MAVEN_OPTS", repository == null ? "" : "-Dmaven.repo.local=" + repository);
        new Command(List.of("bash", "-c", script), folder, environment, LIMIT)
                .run()
                .succeeded();
    }
}
