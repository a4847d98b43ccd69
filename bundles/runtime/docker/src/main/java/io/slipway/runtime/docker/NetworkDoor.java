package io.slipway.runtime.docker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects to ports in a container's own network, which may have no link to the outside. A socket belongs to the network
 * in which its thread was when it made it: a thread of its own enters the container's, connects, and ends. Needs root.
 */
final class NetworkDoor {

    private static final int NEW_NETWORK = 0x4000_0000;

    private NetworkDoor() {}

    static SocketChannel connect(long pid, int port, Duration limit) throws IOException, InterruptedException {
        var task = new FutureTask<>(() -> enterAndConnect(pid, port));
        // never one that others use: it stays in the container's network to its end
        Thread.ofPlatform().daemon().name("docker port " + port).start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        } finally {
            task.cancel(true);
        }
    }

    private static SocketChannel enterAndConnect(long pid, int port) throws IOException {
        enter(pid);
        var channel = SocketChannel.open();
        var isConnected = false;
        try {
            channel.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            isConnected = true;
            return channel;
        } finally {
            if (!isConnected) {
                channel.close();
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // a downcall declares Throwable
    private static void enter(long pid) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var path = arena.allocateFrom("/proc/" + pid + "/ns/net");
            var file = (int)
                    function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT).invokeExact(path, 0);
            if (file < 0) {
                throw new IOException("the network of process " + pid + " cannot be opened; it needs root");
            }
            var result = (int) function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)
                    .invokeExact(file, NEW_NETWORK);
            var closed = (int) function("close", ValueLayout.JAVA_INT).invokeExact(file);
            if (result != 0 || closed != 0) {
                throw new IOException("the network of process " + pid + " cannot be entered; it needs root");
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("the network of process " + pid + " cannot be entered: " + e, e);
        }
    }

    @SuppressWarnings("restricted") // three calls of the C library, with fixed arguments
    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }
}
