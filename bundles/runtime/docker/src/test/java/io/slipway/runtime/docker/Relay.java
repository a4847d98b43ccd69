package io.slipway.runtime.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Listens on this machine and passes everything on to a port in another network, as a router would. */
final class Relay implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ServerSocketChannel door;
    private final long process;
    private final int target;

    /** A relay to a port of the loopback address in the network of a process. */
    Relay(long process, int target) throws IOException {
        this.process = process;
        this.target = target;
        door = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    int port() throws IOException {
        return ((InetSocketAddress) door.getLocalAddress()).getPort();
    }

    private void accept() {
        try {
            while (door.isOpen()) {
                var here = door.accept();
                Thread.ofVirtual().start(() -> join(here));
            }
        } catch (IOException e) {
            // closed, which is how it ends
            return;
        }
    }

    private void join(SocketChannel here) {
        try (here;
                var there = NetworkDoor.connect(process, target, LIMIT)) {
            var back = Thread.ofVirtual().start(() -> pass(there, here));
            pass(here, there);
            back.join();
        } catch (IOException e) {
            // the other side sees the end of the line
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(SocketChannel from, SocketChannel to) {
        try {
            copy(from, to);
            to.shutdownOutput();
        } catch (IOException e) {
            // one side is gone: the other shall know
            close(from);
            close(to);
        }
    }

    private static void copy(ByteChannel from, ByteChannel to) throws IOException {
        var buffer = ByteBuffer.allocate(64 << 10);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
