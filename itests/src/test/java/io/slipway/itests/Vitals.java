package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server holds, seen from outside after a full collection.
 *
 * @param loaders class loaders of bundles
 * @param bundles what the framework has of bundles, also of those that are gone
 * @param heap bytes of live objects by class
 * @param threads of the operating system
 * @param files open file descriptors
 */
record Vitals(long loaders, long bundles, Map<String, Long> heap, long threads, long files) {

    private static final String FELIX = "org.apache.felix.framework.";

    /** What fills up holes of the heap. */
    private static final String FILLER = "[Ljdk.internal.vm.FillerElement;";

    /** Of threads and files: what pools have more or less of from moment to moment, be it after 160 swaps or after 1,000. */
    private static final int SWING = 10;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Instances, bytes and class of a line. */
    private static final Pattern LINE = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)");

    static Vitals of(long pid) {
        // twice: what the first collection lets go, its cleaners free after it
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run");
        var histogram = jcmd(pid, "GC.class_histogram");
        var lines = LINE.matcher(histogram).results().toList();
        return new Vitals(
                instances(lines, FELIX + "BundleWiringImpl$BundleClassLoader"),
                instances(lines, FELIX + "BundleImpl"),
                lines.stream()
                        .filter(line -> !line.group(3).equals(FILLER))
                        .collect(Collectors.toMap(
                                line -> line.group(3), line -> Long.parseLong(line.group(2)), Long::sum)),
                count(Path.of("/proc", Long.toString(pid), "task")),
                count(Path.of("/proc", Long.toString(pid), "fd")));
    }

    long heapBytes() {
        return heap.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the classes of which there is most more than before, with how many bytes more, one line each. */
    String grownSince(Vitals before) {
        return heap.keySet().stream()
                .sorted(Comparator.comparingLong(type -> before.heap.getOrDefault(type, 0L) - heap.get(type)))
                .limit(15)
                .map(type -> heap.get(type) - before.heap.getOrDefault(type, 0L) + " " + type + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return "loaders " + loaders + ", bundles " + bundles + ", heap " + heapBytes() + ", threads " + threads
                + ", files " + files;
    }

    private static long instances(List<MatchResult> lines, String type) {
        return lines.stream()
                .filter(line -> line.group(3).equals(type))
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .sum();
    }

    /**
     * Looks while the load rests until all is as flat as before, a minute at most. In between the load goes on: the version that
     * was retired last may be on the stack of somebody who waits for work.
     */
    static Vitals settled(long pid, SwapLoad load, Vitals before) {
        var end = Instant.now().plus(LIMIT);
        var now = load.whenQuiet(() -> of(pid));
        while (!(now.isFlat(before) && now.loaders <= before.loaders)
                && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            now = load.whenQuiet(() -> of(pid));
        }
        return now;
    }

    /** Returns whether no thread, file or bundle has been left behind since; of loaders see {@link RetiredLoaders}. */
    boolean isFlat(Vitals before) {
        return bundles <= before.bundles && threads <= before.threads + SWING && files <= before.files + SWING;
    }

    static String jcmd(long pid, String... command) {
        var program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var line = Stream.concat(Stream.of(program, Long.toString(pid)), Stream.of(command));
        return new Command(line.toList(), Path.of("/"), Map.of(), Duration.ofSeconds(60))
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
