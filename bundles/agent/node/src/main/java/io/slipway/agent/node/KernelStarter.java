package io.slipway.agent.node;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.RestartKernel;
import io.slipway.agent.spi.DriverLaunch;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.slot.SlotName;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelSpec.Device;
import io.slipway.runtime.spi.KernelSpec.Mount;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a kernel, on the thread that drives it; whatever goes wrong, nothing is left of it and managers are told why. */
final class KernelStarter {

    private static final Logger LOG = LoggerFactory.getLogger(KernelStarter.class);

    private final NodeSettings settings;
    private final NodeParts parts;
    private final ExitWatch watch;
    private final KernelEnder ender;
    private final TaskWatch tasks;

    KernelStarter(NodeSettings settings, NodeParts parts, ExitWatch watch, KernelEnder ender, TaskWatch tasks) {
        this.settings = settings;
        this.parts = parts;
        this.watch = watch;
        this.ender = ender;
        this.tasks = tasks;
    }

    /** A step of the start that did not work. */
    private static final class StartFailedException extends Exception {

        private static final long serialVersionUID = 1L;
        private final ExitReason reason;

        StartFailedException(ExitReason reason, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.reason = reason;
        }
    }

    /**
     * Starts a kernel that was admitted.
     *
     * @param carriesDriver whether its runtime's kernels carry a driver
     */
    void start(NodeKernel kernel, CreateKernel request, boolean carriesDriver) {
        var deadline = Deadline.in(request.limit());
        drive(kernel, () -> {
            create(kernel, request, carriesDriver, deadline);
            launch(kernel, deadline);
            finish(kernel, deadline);
        });
    }

    /** Starts a kernel anew whose former container is still there. */
    void restart(NodeKernel kernel, RestartKernel request, boolean carriesDriver) {
        var deadline = Deadline.in(request.create().limit());
        drive(kernel, () -> {
            try {
                // before the container goes: without it the agent's next process would take that for an accident
                parts.notes().write(kernel.note());
                parts.runtimes().run(kernel.runtime(), runtime -> runtime.stop(kernel.id(), request.grace()));
                parts.runtimes().run(kernel.runtime(), runtime -> runtime.remove(kernel.id()));
                parts.driver().close(kernel.id());
            } catch (KernelRuntimeException | IOException e) {
                throw failed(kernel, ExitReason.FAILED_TO_START, e);
            }
            create(kernel, request.create(), carriesDriver, deadline);
            launch(kernel, deadline);
            finish(kernel, deadline);
        });
    }

    private interface Steps {
        void run() throws StartFailedException, InterruptedException;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: whatever goes wrong, the kernel must not stay half started
    private void drive(NodeKernel kernel, Steps steps) {
        try {
            steps.run();
        } catch (StartFailedException e) {
            fail(kernel, e);
        } catch (InterruptedException e) {
            // the agent stops; the next process finds the kernel and goes on
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("kernel={} could not be started", kernel.id(), e);
            fail(kernel, new StartFailedException(ExitReason.FAILED_TO_CREATE, "internal failure: " + e, e));
        }
    }

    /** Goes on with a kernel that an earlier process of the agent had started but whose driver had not answered. */
    void resume(NodeKernel kernel, Duration limit) {
        drive(kernel, () -> finish(kernel, Deadline.in(limit)));
    }

    /**
     * Clears away what an earlier process of the agent had begun to start: nothing of it ran. Managers know only that the
     * kernel is being started, and ask for it again.
     */
    void breakOff(NodeKernel kernel) {
        drive(kernel, () -> {
            ender.clear(kernel);
            if (!kernel.becomeBrokenOff()) {
                throw new StartFailedException(ExitReason.FAILED_TO_START, "its end was asked for", null);
            }
            LOG.info("kernel={} its start was broken off with the agent; it begins when it is asked for", kernel.id());
        });
    }

    private void create(NodeKernel kernel, CreateKernel request, boolean carriesDriver, Deadline deadline)
            throws StartFailedException, InterruptedException {
        try {
            var interpreter = carriesDriver ? interpreter(kernel, request, deadline) : null;
            var kind = interpreter == null ? null : interpreter.driver();
            kernel.note(kernel.note()
                    .withDriver(kind, KernelEnvironment.servicePorts(request.imageLabels()))
                    .withTask(request.task(), 0));
            // before anything that may be left over
            parts.notes().write(kernel.note());
            var home = kernel.note().round() == 0
                    ? parts.homes().create(request.kernel())
                    : parts.homes().keep(request.kernel());
            var launch = interpreter == null
                    ? null
                    : parts.driver()
                            .open(request.kernel(), interpreter.driver())
                            .startedBy(interpreter.path());
            goOn(kernel);
            var grant = parts.accelerators().grant(kernel.note().allocations());
            var spec = spec(kernel, request, home, grant, launch);
            parts.runtimes().run(kernel.runtime(), runtime -> runtime.create(spec, deadline.remaining()));
            goOn(kernel);
        } catch (KernelRuntimeException
                | AgentException
                | AcceleratorException
                | IOException
                | IllegalArgumentException e) {
            throw failed(kernel, ExitReason.FAILED_TO_CREATE, e);
        }
    }

    private void launch(NodeKernel kernel, Deadline deadline) throws StartFailedException, InterruptedException {
        try {
            var owned = parts.runtimes()
                    .call(kernel.runtime(), runtime -> runtime.start(kernel.id(), deadline.remaining()));
            kernel.note(kernel.note().at(KernelNote.Stage.STARTING, owned.containerId()));
            watch.begin(kernel);
            goOn(kernel);
        } catch (KernelRuntimeException e) {
            throw failed(kernel, ExitReason.FAILED_TO_START, e);
        }
    }

    private void finish(NodeKernel kernel, Deadline deadline) throws StartFailedException, InterruptedException {
        // of a kernel that was found again the driver may be opened after its end was asked for: nothing would end the
        // wait
        goOn(kernel);
        try {
            if (kernel.note().driver() != null) {
                parts.driver().awaitReady(kernel.id(), deadline.remaining());
            }
            tasks.bootstrap(kernel, deadline);
            var running = tasks.begun(
                    kernel.note().at(KernelNote.Stage.RUNNING, kernel.note().containerId()));
            parts.notes().write(running);
            kernel.note(running);
        } catch (AgentException | IOException e) {
            throw failed(kernel, ExitReason.FAILED_TO_START, e);
        }
        if (!kernel.becomeRunning()) {
            throw new StartFailedException(ExitReason.FAILED_TO_START, "its end came before its start was over", null);
        }
        parts.outbox().tell(kernel);
        tasks.begin(kernel);
        LOG.info("kernel={} session={} runs", kernel.id(), kernel.note().session());
    }

    private void goOn(NodeKernel kernel) throws StartFailedException, InterruptedException {
        parts.table().checkOpen();
        if (kernel.endRequest().isPresent()) {
            throw new StartFailedException(ExitReason.FAILED_TO_START, "its end was asked for", null);
        }
    }

    private StartFailedException failed(NodeKernel kernel, ExitReason reason, Exception cause)
            throws InterruptedException {
        parts.table().checkOpen();
        var words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        LOG.warn("kernel={} {}: {}", kernel.id(), reason.wireName(), words);
        return new StartFailedException(reason, words, cause);
    }

    private void fail(NodeKernel kernel, StartFailedException failure) {
        kernel.beginEnding();
        try {
            var request = kernel.endRequest();
            if (request.isPresent()) {
                ender.end(
                        kernel,
                        new KernelExit(request.get().reason(), null, ""),
                        request.get().grace());
            } else {
                ender.end(kernel, exitOf(kernel, failure), Duration.ZERO);
            }
        } catch (InterruptedException e) {
            // the agent stops; the next process goes on
            Thread.currentThread().interrupt();
        }
    }

    private static KernelExit exitOf(NodeKernel kernel, StartFailedException failure) {
        var exit = kernel.exit().getNow(new KernelExit(failure.reason, null, ""));
        if (!kernel.exit().isDone()) {
            return new KernelExit(failure.reason, null, String.valueOf(failure.getMessage()));
        }
        return new KernelExit(
                ExitReason.FAILED_TO_START,
                exit.exitCode(),
                "its main program ended before its driver answered: "
                        + exit.reason().wireName()
                        + (exit.exitCode() == null ? "" : ", exit status " + exit.exitCode())
                        + (exit.detail().isEmpty() ? "" : ", " + exit.detail()));
    }

    private Interpreter interpreter(NodeKernel kernel, CreateKernel request, Deadline deadline)
            throws KernelRuntimeException {
        var runtimes = parts.runtimes();
        var image = runtimes.image(kernel.runtime(), request.image(), deadline.remaining());
        if (image.isPresent()) {
            return Interpreter.in(image.get());
        }
        if (runtimes.knowsImages(kernel.runtime())) {
            throw new KernelRuntimeException(
                    "image " + request.image() + " is not on this node (runtime " + kernel.runtime() + ")");
        }
        return Interpreter.declared(request.imageLabels());
    }

    private KernelSpec spec(
            NodeKernel kernel, CreateKernel request, Path home, ContainerGrant grant, @Nullable DriverLaunch launch) {
        var mounts = new ArrayList<Mount>();
        grant.mounts().forEach((host, inside) -> mounts.add(new Mount(Path.of(host), inside, true)));
        if (launch != null) {
            mounts.add(new Mount(launch.hostFolder(), launch.kernelFolder(), true));
        }
        return new KernelSpec(
                request.kernel(),
                KernelLabels.of(settings.agent(), kernel.note(), request.image().canonical()),
                request.image(),
                launch == null ? List.of() : launch.command(),
                KernelEnvironment.of(request, grant.environment()),
                request.hostname(),
                home,
                mounts,
                grant.deviceNodes().stream().map(node -> new Device(node, node)).toList(),
                limits(request, grant));
    }

    private ResourceLimits limits(CreateKernel request, ContainerGrant grant) {
        return new ResourceLimits(
                request.slots().get(SlotName.CPU),
                grant.cpuIds(),
                request.slots().get(SlotName.MEM).longValueExact(),
                settings.pidsLimit(),
                request.sharedMemoryBytes());
    }
}
