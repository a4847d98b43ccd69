package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaFrameGCRoot;
import org.netbeans.lib.profiler.heap.ThreadObjectGCRoot;

/**
 * Finds class loaders of bundles that are gone in the heap of a server, and who keeps them. A loader may be there that nobody
 * keeps: compiled code that names one of its classes holds it while that code is on a stack, and is in no heap dump.
 */
final class RetiredLoaders {

    private static final String LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";
    private static final int LONGEST = 30;

    private final Heap heap;

    private RetiredLoaders(Heap heap) {
        this.heap = heap;
    }

    /**
     * Returns for each of them that is kept the way from what keeps it, the loader last.
     *
     * @param folder for a dump of all that lives after a full collection
     */
    static List<String> kept(long pid, Path folder) {
        try {
            // beside a dump of the same name there may be an index of what was in it before
            var dump = Files.createTempDirectory(folder, "heap").resolve("heap.hprof");
            Vitals.jcmd(pid, "GC.heap_dump", dump.toAbsolutePath().toString());
            return new RetiredLoaders(HeapFactory.createHeap(dump.toFile())).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> find() {
        return ((List<?>) heap.getJavaClassByName(LOADER).getInstances())
                .stream()
                        .map(Instance.class::cast)
                        .filter(RetiredLoaders::isOfBundleThatIsGone)
                        .filter(loader -> loader.getNearestGCRootPointer() != null)
                        .map(this::way)
                        .toList();
    }

    private static boolean isOfBundleThatIsGone(Instance loader) {
        return loader.getValueOfField("m_wiring") instanceof Instance wiring
                && Boolean.TRUE.equals(wiring.getValueOfField("m_isDisposed"));
    }

    private String way(Instance loader) {
        var way = new ArrayList<Instance>(List.of(loader));
        var next = loader.getNearestGCRootPointer();
        while (next != null && !next.equals(way.getLast()) && way.size() < LONGEST) {
            way.add(next);
            next = next.getNearestGCRootPointer();
        }
        return Stream.concat(
                        ((List<?>) heap.getGCRoots())
                                .stream()
                                        .map(GCRoot.class::cast)
                                        .filter(root -> way.getLast().equals(root.getInstance()))
                                        .map(RetiredLoaders::words)
                                        .distinct(),
                        way.reversed().stream().map(each -> each.getJavaClass().getName()))
                .collect(Collectors.joining(" > "));
    }

    private static String words(GCRoot root) {
        var thread = root instanceof JavaFrameGCRoot frame ? frame.getThreadGCRoot() : root;
        var stack = thread instanceof ThreadObjectGCRoot of ? of.getStackTrace() : null;
        return root.getKind() + (stack == null ? "" : " " + List.of(stack));
    }
}
