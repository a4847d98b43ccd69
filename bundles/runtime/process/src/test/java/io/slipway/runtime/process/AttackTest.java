package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel.State;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Kernels are hostile: whatever is tried here from inside of one must fail. Runs as root and as an ordinary user. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttackTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int MIB = 1 << 20;
    private static final int LOG_TAIL = 64 * 1024;

    private ProcessFixture fixture;
    private KernelRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        fixture = new ProcessFixture();
        runtime = fixture.open();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static List<String> python(String script) {
        return List.of("/usr/bin/python3", "-c", script);
    }

    private KernelSpec spec(List<String> command) throws IOException {
        return fixture.spec(
                new KernelId(UUID.randomUUID()),
                command,
                new ResourceLimits(BigDecimal.ONE, List.of(), 192L * MIB, 48, 0));
    }

    private KernelSpec started(List<String> command) throws Exception {
        var spec = spec(command);
        runtime.create(spec, LIMIT);
        runtime.start(spec.kernel(), LIMIT);
        return spec;
    }

    private KernelExit exit(KernelSpec spec) throws Exception {
        return runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow(() -> new AssertionError("does not end"));
    }

    private String log(KernelSpec spec) throws Exception {
        return new String(((KernelLogs) runtime).tail(spec.kernel(), LOG_TAIL), StandardCharsets.UTF_8);
    }

    private boolean limitsAreEnforced() {
        return !runtime.traits().status().contains("limits not enforced");
    }

    @Test
    void nothingOfTheNodeIsReachedFromInside() throws Exception {
        var home = Files.createDirectories(fixture.folder().resolve("home"));
        for (var secret : List.of("client.env", "data/database/slipway.mv.db", "etc/shell.key", "user/.ssh/id_rsa")) {
            Files.createDirectories(home.resolve(secret).getParent());
            Files.writeString(home.resolve(secret), "secret");
            Files.setPosixFilePermissions(home.resolve(secret), PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(home.resolve("open"), "readable for everyone");
        var other = started(List.of("/bin/sh", "-c", "echo mine >secret; exec sleep 1000"));
        var attacker =
                spec(List.of("/bin/sh", "-c", "until [ -f facts ]; do sleep 0.01; done; exec python3 attacks.py"));
        runtime.create(attacker, LIMIT);
        try (var script = AttackTest.class.getResourceAsStream("attacks.py")) {
            Files.copy(script, attacker.homeFolder().resolve("attacks.py"));
        }
        var socket = fixture.folder().resolve("s");
        var engine = fixture.folder().resolve("docker.sock");
        var shm = Path.of("/dev/shm/slipway-test-" + UUID.randomUUID());
        var abstractName = "slipway-test-" + UUID.randomUUID();
        var listener = new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        "import socket,sys; s=socket.socket(socket.AF_UNIX);"
                                + " s.bind('\\0' + sys.argv[1]); s.listen(); print('listens', flush=True); sys.stdin.read()",
                        abstractName)
                .start();
        try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var line = listening(socket);
                var engineLine = listening(engine);
                var shmLine = listening(shm)) {
            assertTrue(line.isOpen() && engineLine.isOpen() && shmLine.isOpen());
            assertEquals("listens", listener.inputReader().readLine());
            runtime.start(attacker.kernel(), LIMIT);
            var state = fixture.settings().kernels().resolve(attacker.kernel().toString());
            var supervisor = new KernelFolder(state).supervisor().orElseThrow();
            writeFacts(
                    attacker,
                    List.of(
                            "home=" + home,
                            "ssh=" + home.resolve("user/.ssh/id_rsa"),
                            "state=" + state,
                            "other=" + other.homeFolder(),
                            "socket=" + socket,
                            "engine=" + engine,
                            "shm=" + shm,
                            "abstract=" + abstractName,
                            "port=" + port.getLocalPort(),
                            "server=" + ProcessHandle.current().pid(),
                            "supervisor=" + supervisor.pid()));

            assertEquals(0, exit(attacker).exitCode(), () -> "the attacks broke off: " + attacker);
        } finally {
            listener.destroyForcibly();
            Files.deleteIfExists(shm);
        }
        assertAllRefused(log(attacker));
        assertEquals(State.RUNNING, runtime.start(other.kernel(), LIMIT).state());
    }

    /** A socket that everybody who sees it may use. */
    private static ServerSocketChannel listening(Path path) throws IOException {
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        return channel;
    }

    private static void writeFacts(KernelSpec spec, List<String> facts) throws IOException {
        var part = spec.homeFolder().resolve("facts.part");
        Files.write(part, facts);
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(part, spec.homeFolder().resolve("facts"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void assertAllRefused(String log) {
        var checks = new ArrayList<Executable>();
        for (var line : log.lines().toList()) {
            checks.add(() -> assertTrue(line.contains("\trefused\t"), line));
        }
        assertTrue(checks.size() > 55, "not all attacks were tried:\n" + log);
        assertAll(checks);
    }

    @Test
    void signalsToEverybodyStayInTheirKernel() throws Exception {
        var bystander = started(List.of("/bin/sh", "-c", "exec sleep 1000"));
        var spec = started(List.of("/bin/sh", "-c", "kill -TERM -1; kill -KILL -1; echo unharmed; exit 5"));

        // kill spares its own process and cannot reach beyond the sandbox
        assertTrue(List.of(5, 137, 143).contains(exit(spec).exitCode()), () -> "ended with " + spec);
        assertEquals(State.RUNNING, runtime.start(bystander.kernel(), LIMIT).state());
    }

    @Test
    void aForkBombStaysInItsKernelAndIsEnded() throws Exception {
        var spec = started(python("""
                import os, time
                while True:
                    try:
                        os.fork()
                    except OSError:
                        open('refused', 'w').write('\\n')
                        time.sleep(0.05)
                """));
        var refused = spec.homeFolder().resolve("refused");
        awaitFile(refused);
        assertTrue(processes(spec) <= 48 + SandboxProcesses.OWN, "more than its limit: " + processes(spec));
        var begin = System.nanoTime();

        runtime.stop(spec.kernel(), Duration.ZERO);

        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(10).toNanos());
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }

    private long processes(KernelSpec spec) throws IOException {
        var folder = new KernelFolder(
                fixture.settings().kernels().resolve(spec.kernel().toString()));
        return folder.init().orElseThrow().descendants().count();
    }

    private static void awaitFile(Path file) throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file)) {
            assertTrue(System.nanoTime() < deadline, file + " does not come");
            Thread.sleep(5);
        }
    }

    @Test
    void aMemoryBombEndsOnlyItself() throws Exception {
        var bystander = started(List.of("/bin/sh", "-c", "exec sleep 1000"));
        var spec = started(python("held = []\nwhile True:\n    held.append(b'x' * (8 << 20))"));

        var exit = exit(spec);

        if (limitsAreEnforced()) {
            assertEquals(ExitReason.OUT_OF_MEMORY, exit.reason());
            assertEquals(137, exit.exitCode());
        } else {
            assertEquals(1, exit.exitCode());
            assertTrue(log(spec).contains("MemoryError"), log(spec));
        }
        assertEquals(State.RUNNING, runtime.start(bystander.kernel(), LIMIT).state());
    }

    @Test
    void memoryHeldInFilesIsBoundedToo() throws Exception {
        var spec = started(List.of(
                "/bin/sh",
                "-c",
                "for f in /tmp/f /dev/shm/f; do head -c 1G /dev/zero >$f && echo succeeded $f; rm -f $f; done; true"));

        var exit = exit(spec);

        assertTrue(List.of(0, 137).contains(exit.exitCode()), exit.toString());
        assertTrue(!log(spec).contains("succeeded"), log(spec));
    }

    @Test
    void aDescriptorBombEndsAtItsLimit() throws Exception {
        var spec = started(python("""
                held = []
                try:
                    while True:
                        held.append(open('/dev/null'))
                except OSError as error:
                    print(len(held), error.errno)
                """));

        assertEquals(0, exit(spec).exitCode());
        var words = log(spec).strip().split(" ", -1);
        assertEquals("24", words[1]);
        assertTrue(Integer.parseInt(words[0]) < fixture.settings().bounds().openFiles(), words[0]);
    }

    @Test
    void anOutputBombFillsNoDisk() throws Exception {
        // an end longer than a pipe holds: so much may get lost where a file is full
        var spec = started(List.of("/bin/sh", "-c", "head -c 64M /dev/zero | tr '\\0' x; yes end | head -c 256K"));

        assertEquals(0, exit(spec).exitCode());

        var folder = fixture.settings().kernels().resolve(spec.kernel().toString());
        var kept = Files.size(folder.resolve("log")) + Files.size(folder.resolve("log.1"));
        assertTrue(kept <= fixture.settings().bounds().logBytes(), kept + " bytes kept");
        var log = log(spec);
        assertTrue(log.indexOf("end\nend\n", log.length() - 20) > 0, () -> log.substring(log.length() - 20));
    }

    @Test
    void processorTimeIsBounded() throws Exception {
        assumeTrue(limitsAreEnforced(), "no writable cgroup, so processor time is not bounded here");
        var spec = fixture.spec(
                new KernelId(UUID.randomUUID()),
                python("""
                        import time
                        begin = time.monotonic()
                        while time.monotonic() - begin < 1.5: pass
                        print(time.process_time())
                        """),
                new ResourceLimits(new BigDecimal("0.2"), List.of(0), 64L * MIB, 16, 0));
        runtime.create(spec, LIMIT);
        runtime.start(spec.kernel(), LIMIT);

        assertEquals(0, exit(spec).exitCode());
        assertTrue(Double.parseDouble(log(spec).strip()) < 0.6, log(spec));
    }

    @Test
    void programsThatHideFromTheirParentEndToo() throws Exception {
        var spec = started(python("""
                import os, signal, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                            signal.signal(number, signal.SIG_IGN)
                        open('ready', 'w').write('\\n')
                        time.sleep(1000)
                    os._exit(0)
                time.sleep(1000)
                """));
        awaitFile(spec.homeFolder().resolve("ready"));

        runtime.stop(spec.kernel(), Duration.ofSeconds(10));

        assertEquals(143, exit(spec).exitCode());
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }

    @Test
    void everyKernelOfARootRunServerIsAUserOfItsOwn() throws Exception {
        assumeTrue(fixture.settings().isRoot(), "only a server of root gives kernels users of their own");
        var one = started(List.of("/bin/sh", "-c", "exec sleep 1000"));
        var other = started(List.of("/bin/sh", "-c", "exec sleep 1000"));

        var owner = Files.getAttribute(one.homeFolder(), "unix:uid");
        var ownerOfOther = Files.getAttribute(other.homeFolder(), "unix:uid");

        assertNotEquals(owner, ownerOfOther);
        assertTrue((Integer) owner >= 700_000 && (Integer) ownerOfOther >= 700_000);
        var init = new KernelFolder(
                        fixture.settings().kernels().resolve(one.kernel().toString()))
                .init()
                .orElseThrow();
        for (var process : init.descendants().toList()) {
            assertEquals(owner, Files.getAttribute(Path.of("/proc", Long.toString(process.pid())), "unix:uid"));
        }
    }
}
