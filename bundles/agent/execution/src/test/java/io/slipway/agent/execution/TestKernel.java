package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteCall.Mode;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.ExecuteReply.Status;
import io.slipway.agent.spi.DriverKind;
import io.slipway.agent.spi.DriverLaunch;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A real driver as an ordinary process in a session of its own, without any isolation, and an agent that listens. */
final class TestKernel implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);
    private static final Limits LIMITS = new Limits(2, Duration.ofSeconds(30), Duration.ofSeconds(60));

    final KernelId id = new KernelId(UUID.randomUUID());
    final Path root;
    final Process process;
    final DriverLaunch launch;
    DialBackKernelDriver agent;
    private final DriverKind kind;
    private int runs;

    private TestKernel(DriverKind kind, String program, Limits limits) throws IOException, AgentException {
        this.kind = kind;
        root = Files.createTempDirectory("sx");
        agent = new DialBackKernelDriver(root.resolve("r"), limits, Buffers.ofHeap());
        agent.start();
        launch = agent.open(id, kind);
        var command =
                new ArrayList<String>(List.of("/usr/bin/env", "--default-signal", "/usr/bin/setsid")); // as runtimes do
        command.addAll(List.of(program.split(" ", -1)));
        for (var word : launch.command().subList(1, launch.command().size())) {
            command.add(word.replace(launch.kernelFolder(), launch.hostFolder().toString()));
        }
        if (kind == DriverKind.SHELL) {
            // in an image, /bin/sh is this shell
            var driver = launch.hostFolder().resolve("driver.sh");
            Files.writeString(driver, Files.readString(driver).replace("/bin/sh -i", program + " -i"));
        }
        var builder = new ProcessBuilder(command).inheritIO().directory(root.toFile());
        if (kind == DriverKind.SHELL) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD); // bash tells whom we kill
        }
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", root.toString());
        process = builder.start();
        agent.awaitReady(id, LONG);
    }

    static TestKernel python() throws IOException, AgentException {
        return python(LIMITS);
    }

    static TestKernel python(Limits limits) throws IOException, AgentException {
        return new TestKernel(DriverKind.PYTHON, "/usr/bin/python3", limits);
    }

    static TestKernel shell(String program) throws IOException, AgentException {
        return new TestKernel(DriverKind.SHELL, program, LIMITS);
    }

    /** The agent ends and another begins; the driver goes on. */
    void restartAgent() throws IOException, AgentException {
        agent.stop();
        agent = new DialBackKernelDriver(root.resolve("r"), LIMITS, Buffers.ofHeap());
        agent.start();
        assertEquals(launch, agent.open(id, kind));
    }

    String newRun() {
        return "run" + ++runs;
    }

    ExecuteReply query(String run, String code, Duration wait) throws AgentException {
        return agent.execute(new ExecuteCall(id, run, Mode.QUERY, code, Map.of(), wait));
    }

    ExecuteReply resume(String run, Duration wait) throws AgentException {
        return agent.execute(new ExecuteCall(id, run, Mode.CONTINUE, "", Map.of(), wait));
    }

    ExecuteReply input(String run, String line) throws AgentException {
        return agent.execute(new ExecuteCall(id, run, Mode.INPUT, line, Map.of(), LONG));
    }

    /** Runs code to its end. */
    Outcome run(String code) throws AgentException {
        var run = newRun();
        return finish(run, query(run, code, LONG));
    }

    /** Goes on with a run to its end. */
    Outcome finish(String run, ExecuteReply first) throws AgentException {
        var replies = new ArrayList<>(List.of(first));
        while (replies.getLast().status() == Status.CONTINUED) {
            replies.add(resume(run, LONG));
        }
        return new Outcome(replies);
    }

    /** Asks again until the reply, or all output so far, is as wanted. */
    Outcome until(String run, ExecuteReply first, Predicate<Outcome> isWanted) throws AgentException {
        var replies = new ArrayList<>(List.of(first));
        var end = System.nanoTime() + LONG.toNanos();
        while (!isWanted.test(new Outcome(replies))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LONG + ": " + replies);
            }
            if (replies.getLast().console().isEmpty()) {
                replies.removeLast();
            }
            replies.add(resume(run, Duration.ofMillis(50)));
            LockSupport.parkNanos(1_000_000);
        }
        return new Outcome(replies);
    }

    /** Interrupts a run until it ends; a shell that is just starting a command may miss one, as on a terminal. */
    Outcome interrupt(String run) throws AgentException {
        var replies = new ArrayList<ExecuteReply>();
        for (var attempt = 0; attempt < 3; attempt++) {
            agent.interrupt(id);
            var end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < end) {
                replies.add(resume(run, Duration.ofMillis(50)));
                if (replies.getLast().status() == Status.FINISHED) {
                    return new Outcome(replies);
                }
                LockSupport.parkNanos(1_000_000); // a run that waits for input is told at once
            }
        }
        throw new AssertionError("not ended by interrupts: " + replies.getLast());
    }

    List<String> complete(String line) throws AgentException {
        return agent.complete(new CompleteCall(id, line, 0, line.length(), line, "", LONG));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        agent.close(id);
        agent.stop();
        try (var files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All replies of a run. */
    record Outcome(List<ExecuteReply> replies) {

        ExecuteReply last() {
            return replies.getLast();
        }

        Status status() {
            return last().status();
        }

        Integer exitCode() {
            return last().exitCode();
        }

        String stdout() {
            return text(ConsoleRecord.Kind.STDOUT);
        }

        String stderr() {
            return text(ConsoleRecord.Kind.STDERR);
        }

        String text(ConsoleRecord.Kind kind) {
            return replies.stream()
                    .flatMap(reply -> reply.console().stream())
                    .filter(record -> record.kind() == kind)
                    .map(ConsoleRecord::text)
                    .collect(Collectors.joining());
        }
    }
}
