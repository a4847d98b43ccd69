package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger does who writes a plug-in: the guide, as it stands, on a running server; and every kind of skeleton. */
class PluginGuideIT {

    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final Pattern SNIPPET =
            Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

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

    @ParameterizedTest
    @ValueSource(strings = {"runtime", "policy"})
    void everyKindBuildsAndPassesTheTestkits(String kind) throws Exception {
        var guide = Files.readString(Installation.ROOT.resolve("docs/plugins.md"));
        var make = guide.lines()
                .dropWhile(line -> !line.startsWith("mvn -B -q org.apache.maven.plugins:maven-archetype-plugin"))
                .takeWhile(line -> !line.startsWith("```"))
                .toList();
        var script = String.join("\n", make).replace("-Dkind=accelerator", "-Dkind=" + kind);
        bash(
                "set -eu\nmkdir -p \"$SOURCES\"; cd \"$SOURCES\"\n" + script
                        + "\nmvn -B -q verify\njarsigner -verify target/*-1.0.0.jar\n",
                Map.of());
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
