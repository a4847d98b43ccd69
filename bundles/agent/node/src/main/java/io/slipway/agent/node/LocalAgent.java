package io.slipway.agent.node;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.AgentFiles;
import io.slipway.agent.api.AgentImage;
import io.slipway.agent.api.AgentReport;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.agent.api.RestartKernel;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotName;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent of this node, as managers call it. */
final class LocalAgent implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(LocalAgent.class);
    private static final PluginId NO_RUNTIME = new PluginId("none");
    private static final Duration FILE_LIMIT = Duration.ofSeconds(20);

    private final NodeParts parts;
    private final Heartbeat heartbeat;
    private final Recovery recovery;
    private final KernelStarter starter;
    private final KernelEnder ender;
    private final ExecutorService threads;
    /** Until then a runtime that is not there may still be on its way. */
    private final Deadline settled;

    private final HomeFiles files;
    private final ImagePulls pulls;

    LocalAgent(
            NodeParts parts,
            Heartbeat heartbeat,
            Recovery recovery,
            KernelStarter starter,
            KernelEnder ender,
            ExecutorService threads,
            Duration settling) {
        this.parts = parts;
        this.heartbeat = heartbeat;
        this.recovery = recovery;
        this.starter = starter;
        this.ender = ender;
        this.threads = threads;
        this.settled = Deadline.in(settling);
        this.pulls = new ImagePulls(parts.runtimes(), parts.outbox());
        this.files = new HomeFiles(parts.table(), parts.homes(), new HomeCalls(FILE_LIMIT), ArchiveRoom.ofHeap());
    }

    @Override
    public AgentReport report() {
        return heartbeat.report();
    }

    @Override
    public List<AgentImage> images() {
        return parts.runtimes().images();
    }

    @Override
    public void prepare(PrepareKernel request) throws AgentException {
        pulls.prepare(usableRuntimeFor(request.image()).id(), request);
    }

    @Override
    public void create(CreateKernel request) throws AgentException {
        var known = parts.table().find(request.kernel());
        if (known.isPresent() && known.get().stage() != NodeKernel.Stage.BROKEN_OFF) {
            tellAgain(known.get());
            return;
        }
        var runtime = usableRuntimeFor(request.image());
        checkSlots(request);
        var admitted = parts.table()
                .admit(
                        request.kernel(),
                        request.session(),
                        runtime.id(),
                        request.slots(),
                        parts.accelerators().devices());
        if (!admitted.isNew()) {
            tellAgain(admitted.kernel());
            return;
        }
        try {
            threads.execute(() ->
                    starter.start(admitted.kernel(), request, runtime.traits().carriesDriver()));
        } catch (RejectedExecutionException e) {
            throw stopping(e);
        }
    }

    @Override
    public void restart(RestartKernel request) throws AgentException {
        var kernel = find(request.create().kernel());
        var isBegun = kernel.note().round() >= request.round() && kernel.stage() != NodeKernel.Stage.BROKEN_OFF;
        if (isBegun || kernel.stage() == NodeKernel.Stage.ENDED) {
            tellAgain(kernel);
            return;
        }
        var runtime = usableRuntimeFor(request.create().image());
        var next = parts.table().restart(kernel, request.round());
        if (next.isEmpty()) {
            throw new AgentException(Reason.FAILED, "kernel " + kernel.id() + " does not run");
        }
        LOG.info("kernel={} is started anew: round={}", kernel.id(), request.round());
        try {
            threads.execute(
                    () -> starter.restart(next.get(), request, runtime.traits().carriesDriver()));
        } catch (RejectedExecutionException e) {
            throw stopping(e);
        }
    }

    private void tellAgain(NodeKernel kernel) {
        kernel.tellAgain();
        parts.outbox().tell(kernel);
    }

    private Runtimes.Choice usableRuntimeFor(ImageRef image) throws AgentException {
        var runtime = runtimeFor(image);
        if (!runtime.traits().canRun()) {
            throw new AgentException(
                    Reason.FAILED,
                    "runtime " + runtime.id() + " cannot run kernels now: "
                            + runtime.traits().status());
        }
        return runtime;
    }

    private Runtimes.Choice runtimeFor(ImageRef image) throws AgentException {
        var choice = parts.runtimes().forImage(image);
        if (choice.isPresent()) {
            return choice.get();
        }
        if (!settled.isOver()) {
            throw new AgentException(
                    Reason.UNREACHABLE, "no runtime for image " + image + " yet; the agent has just started");
        }
        throw new AgentException(
                Reason.INVALID_INPUT,
                "no active runtime of this node serves registry " + image.registry() + "; active are "
                        + parts.runtimes().ids());
    }

    private void checkSlots(CreateKernel request) throws AgentException {
        var types = parts.accelerators().slotTypes();
        for (var slot : request.slots().amounts().keySet()) {
            if (!types.containsKey(slot) && !settled.isOver()) {
                throw new AgentException(
                        Reason.UNREACHABLE, "no plug-in for slot " + slot + " yet; the agent has just started");
            }
        }

        for (var slot : List.of(SlotName.CPU, SlotName.MEM)) {
            if (request.slots().get(slot).signum() <= 0) {
                throw new AgentException(
                        Reason.INVALID_INPUT,
                        "kernel " + request.kernel() + " asks for no " + slot + "; it needs some");
            }
        }
    }

    @Override
    public void destroy(DestroyKernel request) throws AgentException {
        var known = parts.table().find(request.kernel());
        if (known.isEmpty()) {
            destroyUnknown(request);
            return;
        }
        var kernel = known.get();
        switch (kernel.requestEnd(request)) {
            case NOTHING -> LOG.debug("kernel={} is ended already", kernel.id());
            case WAKE_STARTER -> parts.driver().close(kernel.id());
            case END -> end(kernel, request);
            case TELL -> parts.outbox().tell(kernel);
            case RETRY ->
                throw new AgentException(
                        Reason.UNREACHABLE,
                        "runtime " + kernel.runtime() + " of kernel " + kernel.id() + " is not there yet");
        }
    }

    private void end(NodeKernel kernel, DestroyKernel request) throws AgentException {
        var exit = new KernelExit(request.reason(), null, "");
        try {
            threads.execute(() -> {
                try {
                    ender.end(kernel, exit, request.grace());
                } catch (InterruptedException e) {
                    // the agent stops; the next process goes on
                    Thread.currentThread().interrupt();
                }
            });
        } catch (RejectedExecutionException e) {
            throw stopping(e);
        }
    }

    private void destroyUnknown(DestroyKernel request) throws AgentException {
        if (!recovery.isComplete()) {
            throw new AgentException(
                    Reason.UNREACHABLE, "not every runtime was asked yet whether it has kernel " + request.kernel());
        }
        var exit = new KernelExit(request.reason(), null, "the agent has no such container");
        var note = KernelNote.starting(request.kernel(), KernelLabels.UNKNOWN_SESSION, NO_RUNTIME, List.of())
                .ending(exit, "");
        var kernel = new NodeKernel(note, NodeKernel.Stage.ENDED);
        if (parts.table().restore(kernel)) {
            tellAgain(kernel);
        } else {
            // it came between the two looks
            destroy(request);
        }
    }

    @Override
    public List<KernelReport> kernels() throws AgentException {
        if (!recovery.isComplete()) {
            throw new AgentException(Reason.UNREACHABLE, "not every runtime was asked for its kernels yet");
        }
        return parts.table().all().stream().map(NodeKernel::report).toList();
    }

    @Override
    public ExecuteReply execute(ExecuteCall call) throws AgentException {
        checkDriver(call.kernel());
        return parts.driver().execute(call);
    }

    @Override
    public void interrupt(KernelId kernel) throws AgentException {
        checkDriver(kernel);
        parts.driver().interrupt(kernel);
    }

    @Override
    public void interrupt(KernelId kernel, String runId) throws AgentException {
        checkDriver(kernel);
        parts.driver().interrupt(kernel, runId);
    }

    @Override
    public List<String> complete(CompleteCall call) throws AgentException {
        checkDriver(call.kernel());
        return parts.driver().complete(call);
    }

    @Override
    public AgentFiles files() {
        return files;
    }

    private void checkDriver(KernelId id) throws AgentException {
        var kernel = find(id);
        if (kernel.note().driver() == null && kernel.stage() == NodeKernel.Stage.RUNNING) {
            throw new AgentException(
                    Reason.FAILED, "runtime " + kernel.runtime() + " runs no code: its kernels carry no driver");
        }
    }

    private NodeKernel find(KernelId id) throws AgentException {
        return parts.table()
                .find(id)
                .orElseThrow(() -> new AgentException(Reason.UNKNOWN_KERNEL, "this agent has no kernel " + id));
    }

    @Override
    public String logs(KernelId id, int maxBytes, Duration limit) throws AgentException {
        if (maxBytes < 1) {
            throw new AgentException(Reason.INVALID_INPUT, "maxBytes " + maxBytes + " is below 1");
        }
        var kernel = find(id);
        try {
            return new BoundedCalls(threads).call(limit, () -> tail(kernel, maxBytes));
        } catch (BoundedCalls.CallFailedException e) {
            throw new AgentException(
                    Reason.FAILED, "the log of kernel " + id + " cannot be read: " + e.getMessage(), e);
        }
    }

    private String tail(NodeKernel kernel, int maxBytes) throws KernelRuntimeException {
        return parts.runtimes()
                .call(
                        kernel.runtime(),
                        runtime -> runtime instanceof KernelLogs logs
                                ? new String(logs.tail(kernel.id(), maxBytes), StandardCharsets.UTF_8)
                                : "");
    }

    private static AgentException stopping(RejectedExecutionException cause) {
        return new AgentException(Reason.UNREACHABLE, "the agent stops", cause);
    }
}
