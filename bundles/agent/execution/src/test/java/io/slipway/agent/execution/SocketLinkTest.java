package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SocketLinkTest {

    @TempDir
    Path temporary;

    @Test
    void hearsADriverAfterOneCouldNotDial() throws Exception {
        var folder = new DriverFolder(Files.createDirectory(temporary.resolve("kernel1")), "token1");
        var runs = new RunTable(new Limits(2, Duration.ofSeconds(30), Duration.ofSeconds(60)), Buffers.ofHeap());
        var link = new SocketLink(folder, runs, new FailingOnce(ServerSocketChannel.open(StandardProtocolFamily.UNIX)));
        link.start();
        try (var driver = SocketChannel.open(UnixDomainSocketAddress.of(folder.socket()))) {
            var words = "token token1\ninstance a\n";
            var hello = "hello - 1 " + words.length() + "\n" + words;
            driver.write(ByteBuffer.wrap(hello.getBytes(StandardCharsets.US_ASCII)));
            var answer = ByteBuffer.allocate(7);
            while (answer.hasRemaining() && driver.read(answer) >= 0) {
                Thread.onSpinWait();
            }
            assertEquals("welcome", new String(answer.array(), StandardCharsets.US_ASCII));
        } finally {
            link.close();
        }
    }
}
