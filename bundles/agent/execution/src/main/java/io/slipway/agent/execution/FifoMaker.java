package io.slipway.agent.execution;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes FIFOs by the C library: a program that does it would cost every start of a shell a process of the node. */
final class FifoMaker {

    private static final int MODE = 0666;
    private static final MethodHandle MKFIFO = mkfifo();

    private FifoMaker() {}

    @SuppressWarnings("restricted") // the server's Java is started with native access
    private static MethodHandle mkfifo() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mkfifo"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }

    /** Makes one that everybody who reaches it may use; what was there is replaced. */
    static void make(Path place) throws IOException {
        Files.deleteIfExists(place);
        if (call(place) != 0) {
            throw new IOException("no FIFO can be made at " + place);
        }
        // whatever the process' mask says
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    @SuppressWarnings("IllegalCatch") // a downcall declares Throwable
    private static int call(Path place) throws IOException {
        try (var arena = Arena.ofConfined()) {
            return (int) MKFIFO.invokeExact(arena.allocateFrom(place.toString()), MODE);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("the C library cannot be called: " + e, e);
        }
    }
}
