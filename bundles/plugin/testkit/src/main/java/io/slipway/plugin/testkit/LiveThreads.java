package io.slipway.plugin.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** All threads that run, virtual ones too, which the JDK lists in its thread dumps alone. */
final class LiveThreads {

    private static final Pattern THREAD = Pattern.compile("#([0-9]+) \"(.*)\"( virtual)?( [A-Z_]+ \\S+)?");
    private static final Pattern CARRIER = Pattern.compile(".*@(.*-)worker-[0-9]+");

    /** How the threads are called that the JDK runs virtual ones on. */
    private final String carriers;

    private final Path folder;

    LiveThreads(Path folder) throws InterruptedException {
        this.folder = folder;
        var shown = new AtomicReference<>("");
        Thread.ofVirtual()
                .start(() -> shown.set(Thread.currentThread().toString()))
                .join();
        var matcher = CARRIER.matcher(shown.get());
        this.carriers = matcher.matches() ? matcher.group(1) : "ForkJoinPool-1-";
    }

    /** Returns names by the thread's id. */
    Map<Long, String> all() throws IOException {
        var file = folder.resolve("threads.txt");
        Files.deleteIfExists(file);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toAbsolutePath().toString(), ThreadDumpFormat.TEXT_PLAIN);
        var found = new TreeMap<Long, String>();
        for (var line : Files.readAllLines(file)) {
            var matcher = THREAD.matcher(line);
            if (matcher.matches() && !isOfTheJdk(matcher.group(2))) {
                var name = matcher.group(3) == null ? matcher.group(2) : "virtual thread '" + matcher.group(2) + "'";
                found.put(Long.valueOf(matcher.group(1)), name);
            }
        }
        return found;
    }

    /** It starts such ones when it likes. */
    private boolean isOfTheJdk(String name) {
        return name.startsWith(carriers) || name.startsWith("VirtualThread-");
    }
}
