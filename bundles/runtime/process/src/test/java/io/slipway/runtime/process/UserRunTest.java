package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the contract and the attacks once more in a JVM of an ordinary user, when this one is root's. */
class UserRunTest {

    private static final String SOMEBODY = "65533";

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void theSameHoldsForAServerThatAnOrdinaryUserRuns() throws Exception {
        assumeTrue(ProcessSettings.runsAsRoot(), "this JVM is not root's, so the other tests have shown it already");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var log = folder.resolve("log");
        var command = List.of(
                "setpriv",
                "--reuid=" + SOMEBODY,
                "--regid=" + SOMEBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                readableClassPath(),
                UserRun.class.getName(),
                ProcessRuntimeTest.class.getName(),
                AttackTest.class.getName(),
                SurvivalTest.class.getName(),
                LocalImagesTest.class.getName(),
                WithoutIsolationTest.class.getName(),
                NetworkTest.class.getName());
        // on an ordinary machine everybody may open the device; where only root may, that user gets an own one
        var builder = new ProcessBuilder(Files.exists(TunDevice.PATH) ? TunDevice.withOwn(command) : command);
        builder.environment().keySet().removeIf(name -> name.startsWith("JDK_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("HOME", "/nonexistent");
        builder.directory(new File("/"));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var process = builder.start();
        try {
            process.waitFor(110, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.waitFor(), () -> text(log));
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The build's folders may lie where an ordinary user cannot go. */
    private String readableClassPath() throws IOException {
        var original = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var entries = new ArrayList<String>();
        for (var entry : List.of(original.split(File.pathSeparator, -1))) {
            var source = Path.of(entry);
            if (Files.exists(source)) {
                var target = folder.resolve("lib").resolve(entries.size() + "-" + source.getFileName());
                copy(source, target);
                entries.add(target.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path source, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (var paths = Files.walk(source)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                var copy = target.resolve(source.relativize(path).toString());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
                }
            }
        }
    }
}
