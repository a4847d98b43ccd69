package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelLogs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kernels with {@code network=user}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String SCRIPT = """
            import socket, sys, time
            for line in open('/proc/net/route').read().splitlines()[1:]:
                if line.split()[1] == '00000000':
                    print('route by', line.split()[0])
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('10.0.2.2', 9))
            for attempt in range(100):
                if any(l.split()[0] == '10.0.2.2' and l.split()[2] == '0x2' for l in open('/proc/net/arp').readlines()[1:]):
                    print('gateway answers')
                    break
                time.sleep(0.05)
            try:
                socket.create_connection(('10.0.2.2', int(sys.argv[1])), 3)
                print('reached the node')
            except OSError as error:
                print('refused', error)
            print(open('/etc/resolv.conf').read())
            """;

    private ProcessFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ProcessFixture(settings -> new ProcessSettings(
                settings.kernels(),
                settings.images(),
                settings.isRoot(),
                false,
                true,
                settings.bounds(),
                settings.uids()));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void kernelsGetOutButNotToTheNode() throws Exception {
        var runtime = fixture.open();
        assumeTrue(runtime.traits().canRun(), runtime.traits().status());
        try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var spec = fixture.spec(
                    new KernelId(UUID.randomUUID()),
                    List.of("/usr/bin/python3", "-c", SCRIPT, Integer.toString(port.getLocalPort())));
            runtime.create(spec, LIMIT);
            runtime.start(spec.kernel(), LIMIT);

            assertEquals(
                    0, runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow().exitCode());

            var log = new String(((KernelLogs) runtime).tail(spec.kernel(), 10_000), StandardCharsets.UTF_8);
            assertTrue(log.contains("route by tap0\ngateway answers\nrefused"), log);
            assertTrue(log.contains("nameserver 10.0.2.3"), log);
            runtime.remove(spec.kernel());
            assertEquals(List.of(), fixture.leftovers());
        }
    }

    @Test
    void whereNoNetworkCanBeMadeKernelsAreRefused() throws Exception {
        var runtime =
                new ProcessRuntime(fixture.settings(), List.of(fixture.folder().toString()));
        runtime.start();

        assertTrue(!runtime.traits().canRun());

        runtime.stop();
    }
}
