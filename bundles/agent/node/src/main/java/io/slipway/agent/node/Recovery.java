package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.OwnedKernel;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the kernels of earlier processes of the agent again: from its notes, and from the labels of the containers that
 * runtimes list. Goes runtime by runtime as they come; one odd kernel never stops the recovery of the others.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    /** How long a driver that had not answered before the restart gets to do so. */
    private static final Duration RESUME_LIMIT = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final NodeParts parts;
    private final KernelStarter starter;
    private final KernelEnder ender;
    private final ExitWatch watch;
    private final TaskWatch tasks;
    private final ExecutorService threads;
    private final Duration secondLook;
    private final Set<PluginId> recovered = ConcurrentHashMap.newKeySet();

    Recovery(
            NodeParts parts,
            KernelStarter starter,
            KernelEnder ender,
            ExitWatch watch,
            TaskWatch tasks,
            ExecutorService threads,
            Duration secondLook) {
        this.parts = parts;
        this.starter = starter;
        this.ender = ender;
        this.watch = watch;
        this.tasks = tasks;
        this.threads = threads;
        this.secondLook = secondLook;
    }

    /** Enters what the notes tell; call it before anything else. */
    void loadNotes() throws IOException {
        for (var note : parts.notes().readAll()) {
            // the log stays in the file alone
            var inMemory = note.exit() == null ? note : note.ending(note.exit(), "");
            parts.table().restore(new NodeKernel(inMemory, NodeKernel.Stage.UNCONFIRMED));
        }
    }

    /** Returns whether every kernel is known to be there or gone. */
    boolean isComplete() {
        return recovered.containsAll(parts.runtimes().ids())
                && parts.table().all().stream().noneMatch(kernel -> kernel.stage() == NodeKernel.Stage.UNCONFIRMED);
    }

    /** Asks the runtimes that were not asked yet; one that does not answer is asked again at the next call. */
    void recoverNewRuntimes() throws InterruptedException {
        for (var id : parts.runtimes().ids()) {
            if (!recovered.contains(id)) {
                try {
                    recover(id);
                    recovered.add(id);
                } catch (KernelRuntimeException e) {
                    parts.table().checkOpen();
                    LOG.warn("runtime={} cannot tell its kernels, it is asked again: {}", id, e.getMessage());
                }
            }
        }
    }

    private void recover(PluginId runtime) throws KernelRuntimeException, InterruptedException {
        var listed = list(runtime);
        for (var kernel : unconfirmed(runtime)) {
            var owned = listed.get(kernel.id());
            if (owned != null) {
                goOn(kernel, owned);
            }
        }
        listed.values().forEach(owned -> adopt(runtime, owned));
        if (!unconfirmed(runtime).isEmpty()) {
            // gone is only what is missing twice
            Thread.sleep(secondLook);
            var again = list(runtime);
            for (var kernel : unconfirmed(runtime)) {
                var owned = again.get(kernel.id());
                if (owned == null) {
                    lost(kernel);
                } else {
                    goOn(kernel, owned);
                }
            }
        }
        LOG.info("runtime={} asked for its kernels: {} there", runtime, listed.size());
    }

    private Map<KernelId, OwnedKernel> list(PluginId runtime) throws KernelRuntimeException {
        var result = new HashMap<KernelId, OwnedKernel>();
        parts.runtimes().call(runtime, KernelRuntime::list).forEach(owned -> result.put(owned.kernel(), owned));
        return result;
    }

    private List<NodeKernel> unconfirmed(PluginId runtime) {
        return parts.table().all().stream()
                .filter(kernel -> kernel.stage() == NodeKernel.Stage.UNCONFIRMED
                        && kernel.runtime().equals(runtime))
                .toList();
    }

    /** Takes over a container that has no note; nothing happens if the kernel is known. */
    void adopt(PluginId runtime, OwnedKernel owned) {
        var note = KernelLabels.note(runtime, owned);
        var kernel = new NodeKernel(note, NodeKernel.Stage.UNCONFIRMED);
        if (!parts.table().restore(kernel)) {
            return;
        }
        LOG.warn("kernel={} session={} taken over from its labels", note.kernel(), note.session());
        try {
            parts.notes().write(note);
        } catch (IOException e) {
            LOG.warn("No note can be written of kernel={}; its labels must do", note.kernel(), e);
        }
        goOn(kernel, owned);
    }

    private void goOn(NodeKernel kernel, OwnedKernel owned) {
        var known = kernel.note().exit();
        if (known != null) {
            end(kernel, known);
            return;
        }
        if (isRestarting(kernel.note())) {
            // the old container or the new one: what it held was to go in any case
            breakOff(kernel);
            return;
        }
        kernel.note(kernel.note().at(kernel.note().stage(), owned.containerId()));
        switch (owned.state()) {
            case CREATED -> breakOff(kernel);
            case EXITED -> {
                var exit = Optional.ofNullable(owned.exit())
                        .orElse(new KernelExit(ExitReason.SELF_TERMINATED, null, "it ended while the agent was away"));
                kernel.exited(exit);
                end(kernel, exit);
            }
            case RUNNING -> {
                var wasRunning = kernel.note().stage() == KernelNote.Stage.RUNNING;
                kernel.confirm(wasRunning ? NodeKernel.Stage.RUNNING : NodeKernel.Stage.STARTING);
                threads.execute(() -> takeOver(kernel, wasRunning));
            }
        }
    }

    private void takeOver(NodeKernel kernel, boolean wasRunning) {
        try {
            var kind = kernel.note().driver();
            if (kind != null) {
                openDriver(kernel, kind);
            }
            watch.begin(kernel);
            if (wasRunning) {
                kernel.tellAgain();
                parts.outbox().tell(kernel);
                tasks.begin(kernel);
            } else {
                starter.resume(kernel, RESUME_LIMIT);
            }
        } catch (InterruptedException e) {
            // the agent stops
            Thread.currentThread().interrupt();
        }
    }

    /** A running kernel is never ended because its driver cannot be reached: this tries until it works. */
    private void openDriver(NodeKernel kernel, DriverKind kind) throws InterruptedException {
        var pause = FIRST_PAUSE;
        while (kernel.stage() != NodeKernel.Stage.ENDED) {
            try {
                parts.driver().open(kernel.id(), kind);
                if (kernel.stage() == NodeKernel.Stage.ENDED) {
                    // it ended in between, and nobody will close it any more
                    parts.driver().close(kernel.id());
                }
                return;
            } catch (AgentException e) {
                parts.table().checkOpen();
                LOG.error("The driver of kernel={} cannot be reached, next try in {}", kernel.id(), pause, e);
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void lost(NodeKernel kernel) {
        var note = kernel.note();
        if (note.exit() != null) {
            end(kernel, note.exit());
        } else if (note.stage() == KernelNote.Stage.STARTING) {
            // the agent went before the container was made
            breakOff(kernel);
        } else {
            end(
                    kernel,
                    new KernelExit(
                            ExitReason.CONTAINER_NOT_FOUND,
                            null,
                            "runtime " + kernel.runtime() + " has the container no longer"));
        }
    }

    private static boolean isRestarting(KernelNote note) {
        return note.stage() == KernelNote.Stage.STARTING && note.round() > 0;
    }

    private void breakOff(NodeKernel kernel) {
        kernel.confirm(NodeKernel.Stage.STARTING);
        threads.execute(() -> starter.breakOff(kernel));
    }

    private void end(NodeKernel kernel, KernelExit exit) {
        kernel.confirm(NodeKernel.Stage.ENDING);
        threads.execute(() -> {
            try {
                ender.end(kernel, exit, Duration.ZERO);
            } catch (InterruptedException e) {
                // the agent stops
                Thread.currentThread().interrupt();
            }
        });
    }
}
