package io.slipway.plugin.lifecycle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All threads that run, virtual ones too. The JDK lists those only where it writes its thread dump from, which {@code
 * --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED} opens; without that option only platform threads are seen.
 */
final class LiveThreads {

    private static final Logger LOG = LoggerFactory.getLogger(LiveThreads.class);
    private static final List<MethodHandle> CONTAINERS = find();

    private LiveThreads() {}

    /** Root, threads and children of a container; empty if they cannot be reached. */
    private static List<MethodHandle> find() {
        try {
            var container = of("ThreadContainer");
            var lookup = MethodHandles.lookup();
            var streams = MethodType.methodType(Stream.class);
            return List.of(
                    lookup.findStatic(of("ThreadContainers"), "root", MethodType.methodType(container)),
                    lookup.findVirtual(container, "threads", streams),
                    lookup.findVirtual(container, "children", streams));
        } catch (ReflectiveOperationException e) {
            LOG.warn("Virtual threads that a plug-in leaves behind are not seen: {}", e.toString());
            return List.of();
        }
    }

    /** By the JDK's own loader: a bundle's would look for somebody who exports the package. */
    private static Class<?> of(String name) throws ClassNotFoundException {
        return Class.forName("jdk.internal.vm." + name, false, null);
    }

    static Stream<Thread> all() {
        return CONTAINERS.isEmpty() ? Thread.getAllStackTraces().keySet().stream() : in(call(CONTAINERS.get(0)));
    }

    private static Stream<Thread> in(Object container) {
        return Stream.concat(
                stream(CONTAINERS.get(1), container).map(Thread.class::cast),
                stream(CONTAINERS.get(2), container).flatMap(LiveThreads::in));
    }

    private static Stream<?> stream(MethodHandle handle, Object container) {
        return (Stream<?>) call(handle, container);
    }

    @SuppressWarnings("IllegalCatch") // what a handle may throw; the methods declare nothing
    private static Object call(MethodHandle handle, Object... arguments) {
        try {
            return Objects.requireNonNull(handle.invokeWithArguments(arguments));
        } catch (Throwable e) {
            throw new IllegalStateException("threads cannot be listed", e);
        }
    }

    /** Returns a thread's name; most virtual ones have none. */
    static String name(Thread thread) {
        return thread.getName().isEmpty() ? "virtual thread " + thread.threadId() : thread.getName();
    }
}
