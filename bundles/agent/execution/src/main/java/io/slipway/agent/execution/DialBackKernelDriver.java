package io.slipway.agent.execution;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.spi.DriverKind;
import io.slipway.agent.spi.DriverLaunch;
import io.slipway.agent.spi.KernelDriver;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a driver into every kernel, listens for it to dial, and runs code through it. Thread-safe. */
@Component(configurationPid = "io.slipway.agent.execution.driver")
@Designate(ocd = DialBackKernelDriver.Config.class)
public final class DialBackKernelDriver implements KernelDriver {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway kernel drivers")
    public @interface Config {
        /** Where the folders of drivers are. */
        @AttributeDefinition(
                description =
                        "Folder for the drivers' sockets, a short absolute path (socket paths of 90 bytes at most)"
                                + " that kernels may see parts of and that lives as long as they do; empty: a folder of this"
                                + " home's own under /run/slipway (root), $XDG_RUNTIME_DIR or /tmp (others)")
        String runFolder() default "";

        /** When output nobody asks for is thrown away. */
        @AttributeDefinition(
                description = "Time without a call after which further output of a run is thrown away so that the run"
                        + " can go on, in seconds",
                min = "5",
                max = "86400")
        int abandonedAfterSeconds() default 30;

        /** How long the end of a run is remembered. */
        @AttributeDefinition(
                description = "How long the end of a run can be asked for, in seconds",
                min = "5",
                max = "86400")
        int finishedKeptSeconds() default 600;

        /** How many runs may queue. */
        @AttributeDefinition(
                description = "Runs that may wait in one kernel behind the one that runs",
                min = "0",
                max = "14")
        int maxWaitingRuns() default 8;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DialBackKernelDriver.class);
    private static final String KERNEL_FOLDER = "/opt/slipway";
    private static final int REMEMBERED_CLOSED = 1_000;

    private final DriverFolders folders;
    private final Limits limits;
    private final Buffers buffers;
    private final ConcurrentMap<KernelId, OpenKernel> kernels = new ConcurrentHashMap<>();
    private final Set<KernelId> closed = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<KernelId, Boolean> eldest) {
            return size() > REMEMBERED_CLOSED;
        }
    }));
    private volatile boolean isStopped;
    private final ReentrantLock opening = new ReentrantLock();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-execution-sweep").factory());

    /** Used by the component runtime. */
    @Activate
    public DialBackKernelDriver(BundleContext context, Config config) {
        this(
                RunFolder.choose(config.runFolder(), context::getProperty, System.getenv()),
                new Limits(
                        config.maxWaitingRuns(),
                        Duration.ofSeconds(config.abandonedAfterSeconds()),
                        Duration.ofSeconds(config.finishedKeptSeconds())),
                Buffers.ofHeap());
    }

    DialBackKernelDriver(Path runFolder, Limits limits, Buffers buffers) {
        this.folders = new DriverFolders(runFolder);
        this.limits = limits;
        this.buffers = buffers;
    }

    @Activate
    void start() throws IOException {
        folders.prepare();
        var _ = sweeper.scheduleWithFixedDelay(this::sweepAndSurvive, 1, 1, SECONDS);
    }

    @Deactivate
    void stop() {
        isStopped = true;
        sweeper.shutdownNow();
        kernels.values().forEach(open -> open.close(false));
        kernels.clear();
    }

    @Override
    public DriverLaunch open(KernelId kernel, DriverKind kind) throws AgentException {
        opening.lock();
        try {
            var known = kernels.get(kernel);
            if (known != null) {
                return known.launch();
            }
            var folder = folders.find(kernel);
            folders.make(folder, kind);
            var runs = new RunTable(limits, buffers);
            var link = switch (kind) {
                case PYTHON -> new SocketLink(folder, runs);
                case SHELL -> new FifoLink(folder, runs);
            };
            link.start();
            var opened = new OpenKernel(folder, launch(folder, kind), runs, link);
            closed.remove(kernel);
            kernels.put(kernel, opened);
            return opened.launch();
        } catch (IOException e) {
            throw new AgentException(Reason.FAILED, "kernel " + kernel + ": cannot listen for its driver: " + e, e);
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void awaitReady(KernelId kernel, Duration limit) throws AgentException {
        var runs = require(kernel).runs();
        try {
            if (!runs.awaitReady(limit)) {
                throw runs.isClosed()
                        ? new AgentException(Reason.UNKNOWN_KERNEL, "kernel " + kernel + " was closed")
                        : new AgentException(
                                Reason.TIMEOUT, "the driver of kernel " + kernel + " did not answer within " + limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.FAILED, "waiting for kernel " + kernel + " was interrupted", e);
        }
    }

    @Override
    public ExecuteReply execute(ExecuteCall call) throws AgentException {
        var open = kernels.get(call.kernel());
        if (open == null && closed.contains(call.kernel())) {
            return Run.Taken.gone(call.runId()).reply();
        }
        return open != null ? open.execute(call) : require(call.kernel()).execute(call);
    }

    @Override
    public void interrupt(KernelId kernel) throws AgentException {
        require(kernel).interrupt();
    }

    @Override
    public void interrupt(KernelId kernel, String run) throws AgentException {
        require(kernel).interrupt(run);
    }

    @Override
    public List<String> complete(CompleteCall call) throws AgentException {
        return require(call.kernel()).complete(call);
    }

    @Override
    public OptionalInt task(KernelId kernel, String name, String command, Duration limit) throws AgentException {
        return require(kernel).task(name, command, limit);
    }

    @Override
    public void close(KernelId kernel) {
        opening.lock();
        try {
            var open = kernels.remove(kernel);
            if (open != null) {
                closed.add(kernel);
                open.close(true);
            }
            folders.remove(folders.find(kernel));
        } catch (IOException e) {
            LOG.warn("The driver's folder could not be removed: kernel={} reason={}", kernel, e.toString());
        } finally {
            opening.unlock();
        }
    }

    private static DriverLaunch launch(DriverFolder folder, DriverKind kind) {
        var command = switch (kind) {
            case PYTHON -> List.of("/usr/bin/python3", "-I", "-S", KERNEL_FOLDER + "/launcher.py");
            case SHELL -> List.of("/bin/sh", KERNEL_FOLDER + "/driver.sh");
        };
        return new DriverLaunch(command, folder.path(), KERNEL_FOLDER);
    }

    private OpenKernel require(KernelId kernel) throws AgentException {
        var open = kernels.get(kernel);
        if (open == null && isStopped) {
            throw new AgentException(
                    Reason.UNREACHABLE, "kernel " + kernel + " goes on, but the agent stops; ask again");
        }
        if (open == null) {
            throw new AgentException(Reason.UNKNOWN_KERNEL, "kernel " + kernel + " is not open here");
        }
        return open;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later sweeps
    private void sweepAndSurvive() {
        try {
            for (var kernel : kernels.values()) {
                for (var taken : kernel.runs().sweep()) {
                    var _ = kernel.link().acknowledge(taken);
                }
            }
        } catch (RuntimeException e) {
            LOG.error("Looking for abandoned runs failed, next time in 1 s", e);
        }
    }
}
