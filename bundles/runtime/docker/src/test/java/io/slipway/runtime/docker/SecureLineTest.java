package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelExec.Command;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine that listens on TCP and lets in only those with a certificate. */
class SecureLineTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private DockerFixture fixture;
    private Relay relay;

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        fixture = new DockerFixture();
        relay = new Relay(fixture.engine().namespace(), TestEngine.TLS_PORT);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
        fixture.close();
    }

    private DockerRuntime runtime(String tlsFolder) throws IOException {
        var local = fixture.settings();
        return new DockerRuntime(new DockerSettings(
                true,
                "tcp://127.0.0.1:" + relay.port(),
                tlsFolder,
                local.hasNetwork(),
                local.owner(),
                local.used(),
                local.users(),
                local.bounds()));
    }

    /** On a busy machine the first answer may be that there was none in time. */
    private static void awaitStatus(DockerRuntime runtime, String words) throws InterruptedException {
        var end = System.nanoTime() + LIMIT.toNanos();
        var status = runtime.traits().status();
        while (!status.contains(words)) {
            assertTrue(System.nanoTime() < end, status);
            Thread.sleep(50);
            status = runtime.traits().status();
        }
    }

    private Path certificates() {
        return fixture.engine().certificates();
    }

    @Test
    void aKernelLivesOnAnEngineBehindTls() throws Exception {
        var runtime = runtime(certificates().resolve("client").toString());
        try {
            awaitStatus(runtime, "ok");
            var kernel = new KernelId(UUID.randomUUID());
            runtime.create(fixture.spec(kernel, List.of("/bin/sleep", "1000")), LIMIT);
            runtime.start(kernel, LIMIT);
            var command = new Command(List.of("/bin/sh", "-c", "read x; echo got $x; exit 3"), Map.of(), null);
            try (var running = runtime.exec(kernel, command, LIMIT)) {
                running.input().write("it\n".getBytes(StandardCharsets.UTF_8));
                assertEquals("got it\n", new String(running.output().readAllBytes(), StandardCharsets.UTF_8));
                assertEquals(Optional.of(3), running.awaitExit(LIMIT));
            }
            runtime.stop(kernel, Duration.ZERO);
            runtime.remove(kernel);
            assertEquals(List.of(), fixture.leftovers());
        } finally {
            runtime.stop();
        }
    }

    @Test
    void whoHasNoCertificateOfTheEnginesAuthorityIsRefused() throws Exception {
        for (var folder : List.of(certificates().resolve("stranger").toString(), "")) {
            var runtime = runtime(folder);
            try {
                assertFalse(runtime.traits().canRun(), folder);
                awaitStatus(runtime, "no engine: ");
                assertThrows(KernelRuntimeException.class, () -> runtime.image(DockerFixture.BUSYBOX, LIMIT));
            } finally {
                runtime.stop();
            }
        }
    }

    @Test
    void anEngineOfAnotherAuthorityIsNotTrusted() throws Exception {
        var folder = fixture.folder().resolve("wary");
        TestEngine.run(List.of("cp", "-r", certificates().resolve("client").toString(), folder.toString()));
        TestEngine.run(List.of(
                "cp",
                certificates().resolve("theirs.pem").toString(),
                folder.resolve("ca.pem").toString()));
        var runtime = runtime(folder.toString());
        try {
            awaitStatus(runtime, "certif");
            assertFalse(runtime.traits().canRun());
        } finally {
            runtime.stop();
        }
    }

    @Test
    void aFolderWithoutKeysIsNamed() throws Exception {
        var runtime = runtime("/no/such/folder");
        try {
            awaitStatus(runtime, "/no/such/folder");
        } finally {
            runtime.stop();
        }
    }
}
