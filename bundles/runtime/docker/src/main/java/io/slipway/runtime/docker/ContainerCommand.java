package io.slipway.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.slipway.runtime.spi.KernelExec.Command;
import io.slipway.runtime.spi.KernelExec.RunningCommand;
import io.slipway.runtime.spi.KernelExec.TerminalSize;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program that the engine runs in a container for us. Thread-safe. */
final class ContainerCommand implements RunningCommand {

    private final Engine engine;
    private final String id;
    private final boolean hasTerminal;
    private final BytePipe input = new BytePipe();
    private final BytePipe output = new BytePipe();
    private final BytePipe errors = new BytePipe();
    private final Streams streams = new Streams();

    private ContainerCommand(Engine engine, String id, boolean hasTerminal) {
        this.engine = engine;
        this.id = id;
        this.hasTerminal = hasTerminal;
    }

    static ContainerCommand start(Engine engine, String container, Command command, String user, Duration limit)
            throws KernelRuntimeException {
        var size = command.terminal();
        var started = engine.call("start of " + command.words().getFirst(), limit, line -> {
            try {
                var running = new ContainerCommand(engine, create(line, container, command, user), size != null);
                var isAttached = false;
                try {
                    running.attach(line, limit);
                    isAttached = true;
                } finally {
                    if (!isAttached) {
                        running.close();
                    }
                }
                return running;
            } catch (NotFoundException | ConflictException e) {
                throw new KernelRuntimeException("the kernel does not run", e);
            }
        });
        if (size != null) {
            try {
                started.resize(size);
            } catch (KernelRuntimeException e) {
                started.close();
                throw e;
            }
        }
        return started;
    }

    private static String create(DockerClient line, String container, Command command, String user) {
        var environment = command.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        return line.execCreateCmd(container)
                .withUser(user)
                .withCmd(command.words().toArray(new String[0]))
                .withEnv(List.copyOf(environment))
                .withWorkingDir(ContainerForm.HOME)
                .withTty(command.terminal() != null)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .exec()
                .getId();
    }

    private void attach(DockerClient line, Duration limit) throws InterruptedException, KernelRuntimeException {
        line.execStartCmd(id).withTty(hasTerminal).withStdIn(input.source()).exec(streams);
        if (!streams.begun.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new KernelRuntimeException(
                    "a program in the kernel did not start within " + limit.toMillis() + " ms");
        }
    }

    @Override
    public OutputStream input() {
        return input.sink();
    }

    @Override
    public InputStream output() {
        return output.source();
    }

    @Override
    public InputStream errors() {
        return errors.source();
    }

    @Override
    public void resize(TerminalSize size) throws KernelRuntimeException {
        if (!hasTerminal) {
            return;
        }
        engine.call("change of a terminal's size", Engine.SHORT, line -> {
            try {
                line.resizeExecCmd(id).withSize(size.rows(), size.columns()).exec();
            } catch (NotFoundException | ConflictException e) {
                // ended meanwhile
                return id;
            } catch (InternalServerErrorException e) {
                if (!Engine.words(e).contains("stopped")) {
                    throw e;
                }
            }
            return id;
        });
    }

    @Override
    public Optional<Integer> awaitExit(Duration limit) throws KernelRuntimeException {
        try {
            if (!streams.ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the wait for a program was interrupted", e);
        }
        var code = engine.call(
                "end of a program",
                Engine.SHORT,
                line -> line.inspectExecCmd(id).exec());
        return Optional.ofNullable(code.getExitCodeLong()).map(Long::intValue);
    }

    @Override
    public void close() {
        input.end();
        output.abandon();
        errors.abandon();
        try {
            streams.close();
        } catch (IOException e) {
            // the line is gone, which is what is wanted
            streams.ended.countDown();
        }
    }

    /** Hands what comes from the engine on; a reader that does not read stops it. */
    private final class Streams implements ResultCallback<Frame> {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Closeable line;

        @Override
        public void onStart(Closeable opened) {
            line = opened;
            begun.countDown();
        }

        @Override
        public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? errors : output).put(frame.getPayload());
        }

        @Override
        public void onError(Throwable failure) {
            onComplete();
        }

        @Override
        public void onComplete() {
            begun.countDown();
            input.abandon();
            output.end();
            errors.end();
            ended.countDown();
        }

        @Override
        public void close() throws IOException {
            var opened = line;
            if (opened != null) {
                opened.close();
            }
        }
    }
}
