package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a server holds, seen from outside after a full collection.
 *
 * @param loaders class loaders of bundles
 * @param heapBytes live objects
 * @param threads of the operating system
 * @param files open file descriptors
 */
record Vitals(long loaders, long heapBytes, long threads, long files) {

    private static final Pattern LOADERS = Pattern.compile(
            "\\s(\\d+)\\s+\\d+\\s+org\\.apache\\.felix\\.framework\\.BundleWiringImpl\\$BundleClassLoader");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    static Vitals of(long pid) {
        // twice: what the first collection lets go, its cleaners free after it
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run");
        var histogram = jcmd(pid, "GC.class_histogram");
        return new Vitals(
                LOADERS.matcher(histogram)
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum(),
                TOTAL.matcher(histogram)
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum(),
                count(Path.of("/proc", Long.toString(pid), "task")),
                count(Path.of("/proc", Long.toString(pid), "fd")));
    }

    private static String jcmd(long pid, String command) {
        var program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return new Command(
                        List.of(program, Long.toString(pid), command), Path.of("/"), Map.of(), Duration.ofSeconds(60))
                .run()
                .succeeded()
                .out();
    }

    private static long count(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
