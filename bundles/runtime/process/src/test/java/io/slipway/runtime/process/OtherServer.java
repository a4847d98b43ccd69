package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A server in a process of its own, to be killed: makes two kernels, starts one, tells their ids and waits. */
final class OtherServer {

    static final String SCRIPT =
            "grep SigIgn /proc/self/status; i=0; while [ ! -f go ]; do i=$((i+1)); echo $i; sleep 0.02; done; exit 42";

    private OtherServer() {}

    public static void main(String[] arguments) throws Exception {
        var fixture = new ProcessFixture(Path.of(arguments[0]), UnaryOperator.identity());
        var runtime = fixture.open();
        var limit = Duration.ofSeconds(20);
        var started = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/sh", "-c", SCRIPT));
        var created = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/sh", "-c", "exit 7"));
        runtime.create(started, limit);
        runtime.create(created, limit);
        runtime.start(started.kernel(), limit);
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println(started.kernel() + " " + created.kernel());
        Thread.sleep(Duration.ofMinutes(5));
    }
}
