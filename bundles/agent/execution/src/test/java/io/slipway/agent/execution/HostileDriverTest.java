package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.kernel.KernelId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Programs in a kernel may dial in the driver's place; they harm nobody but their kernel. */
@Timeout(30)
class HostileDriverTest {

    private static final Duration SOON = Duration.ofMillis(300);

    @TempDir
    private Path root;

    private final Buffers buffers = new Buffers(256 << 20);
    private final KernelId kernel = new KernelId(UUID.randomUUID());
    private DialBackKernelDriver agent;
    private Path folder;

    @BeforeEach
    void listen() throws Exception {
        agent = new DialBackKernelDriver(root, new Limits(2, Duration.ofSeconds(30), Duration.ofSeconds(30)), buffers);
        agent.start();
        folder = agent.open(kernel, DriverKind.PYTHON).hostFolder();
    }

    @AfterEach
    void stop() throws Exception {
        agent.close(kernel);
        agent.stop();
        for (var turn = 0; buffers.used() != 0; turn++) {
            assertTrue(turn < 1_000, "of what was taken " + buffers.used() + " bytes were not given back");
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void refusesAWrongToken() throws Exception {
        refuses(hello("0".repeat(64)) + frame("state", "-", 0, ""));
        refuses(hello("") + frame("state", "-", 0, ""));
        refuses(frame("state", "-", 0, ""));
        assertThrows(AgentException.class, () -> agent.awaitReady(kernel, SOON));
    }

    @Test
    void letsTheTokenIn() throws Exception {
        assertLetsTheTokenIn();
    }

    @Test
    void refusesGarbage() throws Exception {
        refuses("GET / HTTP/1.1\r\n\r\n");
        refuses("x".repeat(100_000));
        refuses(hello(token()) + "stdout r 1 99999999\n");
        refuses(hello(token()) + "stdout r 1 -1\n");
        refuses(hello(token()) + frame("state", "-", 0, "run ../../etc running"));
        refuses(hello(token()) + frame("finished", "r", 1, "many"));
        refuses(hello(token()) + frame("media", "r", 1, "no type"));
        refuses(hello(token()) + frame("shout", "r", 1, "?"));
        assertLetsTheTokenIn();
    }

    @Test
    void refusesMoreOutputAndRunsThanItsWindowAllows() throws Exception {
        var flood = new StringBuilder(hello(token()));
        for (var i = 1; i <= 12; i++) {
            flood.append(frame("stdout", "r", i, "x".repeat(1 << 20)));
        }
        refuses(flood.toString());
        var runs = new StringBuilder(hello(token()));
        for (var i = 0; i < 100; i++) {
            runs.append(frame("stdout", "other" + i, 100 + i, "x"));
        }
        refuses(runs.toString());
    }

    @Test
    void letsOthersDialWhileSomeSayNothing() throws Exception {
        try (var mute = dial();
                var mute2 = dial()) {
            assertTrue(mute.isConnected() && mute2.isConnected());
            assertLetsTheTokenIn();
        }
    }

    @Test
    void listensInAFolderThatOthersCannotFind() throws Exception {
        assertEquals("rwx--x--x", permissions(root));
        assertEquals("rwxr-xr-x", permissions(folder));
        assertEquals("rw-rw-rw-", permissions(folder.resolve("agent.sock")));
        assertEquals("rw-------", permissions(root.resolve("secret")));
        assertFalse(folder.toString().contains(kernel.toString()));
        agent.close(kernel);
        assertFalse(Files.exists(folder));
    }

    @Test
    void takesNoMoreThanAFewLinesBeforeItHasSeenAToken() {
        var hello = Channels.newChannel(new ByteArrayInputStream(bytes("hello - 1 4000000\n")));
        assertThrows(
                BadFrameException.class,
                () -> new FrameReader(hello).next(FrameReader.MAX_HELLO, length -> fail("room for " + length)));
    }

    @Test
    void cutsOffADriverThatReadsNothingBeforeMuchPilesUp() throws Throwable {
        try (var deaf = dial()) {
            say(deaf, hello(token()) + frame("state", "-", 0, ""));
            agent.awaitReady(kernel, Duration.ofSeconds(10));
            for (var i = 0; i < 1_000; i++) {
                assertThrowsUnlessCutOff(() -> agent.complete(completion("x".repeat(60_000))));
                assertTrue(buffers.used() <= FrameSender.MAX_WAITING, buffers.used() + " bytes wait");
            }
            assertCutOff(deaf);
        }
        var tooLong = assertThrows(AgentException.class, () -> agent.complete(completion("x".repeat(70_000))));
        assertEquals(AgentException.Reason.INVALID_INPUT, tooLong.reason());
    }

    private static void assertCutOff(SocketChannel dialled) {
        try {
            while (dialled.read(ByteBuffer.allocate(4096)) >= 0) {
                // what it could have read all the time
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("reset"), e.getMessage());
        }
    }

    private CompleteCall completion(String line) {
        return new CompleteCall(kernel, line, 0, line.length(), line, "", Duration.ofMillis(1));
    }

    private static void assertThrowsUnlessCutOff(Executable call) throws Throwable {
        try {
            call.execute();
        } catch (AgentException e) {
            assertEquals(AgentException.Reason.TIMEOUT, e.reason());
        }
    }

    /** The driver dials again until it is let in; those that were cut off hold their places for a moment. */
    private void assertLetsTheTokenIn() throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try (var dialled = dial()) {
                say(dialled, hello(token()) + frame("state", "-", 0, ""));
                agent.awaitReady(kernel, SOON);
                return;
            } catch (IOException | AgentException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private void refuses(String text) throws IOException {
        try (var dialled = dial()) {
            try {
                say(dialled, text);
                while (dialled.read(ByteBuffer.allocate(4096)) >= 0) {
                    // until the agent hangs up
                }
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("pipe") || e.getMessage().contains("reset"), e.getMessage());
            }
        }
    }

    private SocketChannel dial() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("agent.sock")));
    }

    private static void say(SocketChannel channel, String text) throws IOException {
        var bytes = ByteBuffer.wrap(bytes(text));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("token"));
    }

    private static String hello(String token) {
        return frame("hello", "-", 1, "token " + token + "\ninstance test\n");
    }

    private static String frame(String kind, String run, long number, String text) {
        return kind + ' ' + run + ' ' + number + ' ' + text.length() + '\n' + text;
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
