package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelStats.Transfer;
import io.slipway.runtime.spi.KernelStats.Usage;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Measures kernels by their control groups, or else process by process. Thread-safe. */
final class KernelMeter {

    private static final long PAGE_BYTES = 4096;

    private final KernelLooks looks;
    private final ControlGroups groups;
    private final ConcurrentMap<KernelId, Long> peaks = new ConcurrentHashMap<>();

    KernelMeter(KernelLooks looks, ControlGroups groups) {
        this.looks = looks;
        this.groups = groups;
    }

    Usage usage(KernelId kernel) throws IOException, KernelRuntimeException {
        var isRunning = looks.look(kernel)
                .filter(owned -> owned.state() == State.RUNNING)
                .isPresent();
        if (!isRunning) {
            peaks.remove(kernel);
            throw new KernelRuntimeException("kernel " + kernel + " does not run, so there is nothing to measure");
        }
        var usage = groups.usage(kernel);
        if (usage.isEmpty()) {
            return byProcess(kernel);
        }
        return moving(usage.get(), groups.processes(kernel));
    }

    /** Adds what its processes moved; what ended ones moved is counted with the parents that waited for them. */
    private static Usage moving(Usage usage, Iterable<Long> processes) {
        var disk = Transfer.NONE;
        var network = Transfer.NONE;
        for (var pid : processes) {
            disk = disk.plus(ProcFiles.disk(pid));
            if (network.equals(Transfer.NONE) && ProcFiles.hasOwnNetwork(pid)) {
                network = ProcFiles.network(pid);
            }
        }
        return usage.moving(disk, network);
    }

    /** Adds up what lives now; what ended processes used is lost, and the peak is the highest that was seen here. */
    private Usage byProcess(KernelId kernel) throws IOException {
        var cpuMillis = 0L;
        var bytes = 0L;
        var processes = 0;
        var todo = new ArrayDeque<Long>();
        var seen = new ArrayList<Long>();
        var folder = looks.folder(kernel);
        folder.init().ifPresent(init -> todo.addAll(ProcFiles.children(init.pid())));
        folder.bareProgram().ifPresent(program -> todo.add(program.pid()));
        while (!todo.isEmpty()) {
            var pid = todo.remove();
            var stat = ProcFiles.stat(pid);
            if (stat.isPresent()) {
                seen.add(pid);
                cpuMillis += stat.get().cpuMillis();
                bytes += stat.get().residentPages() * PAGE_BYTES;
                processes += stat.get().threads();
                todo.addAll(ProcFiles.children(pid));
            }
        }
        return moving(new Usage(cpuMillis, bytes, peaks.merge(kernel, bytes, Math::max), processes), seen);
    }
}
