package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of kernels, and brings it about. */
final class KernelStopper {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final Duration KILL_AGAIN_AFTER = Duration.ofMillis(100);

    private final KernelLooks looks;
    private final ExitBoard exits;
    private final ControlGroups groups;

    KernelStopper(KernelLooks looks, ExitBoard exits, ControlGroups groups) {
        this.looks = looks;
        this.exits = exits;
        this.groups = groups;
    }

    /**
     * Waits.
     *
     * @throws KernelRuntimeException if there is no such kernel, or the thread is interrupted
     */
    Optional<KernelExit> await(KernelId kernel, Duration limit) throws IOException, KernelRuntimeException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var next = exits.next(kernel);
            var owned = looks.look(kernel)
                    .orElseThrow(() -> new KernelRuntimeException("there is no kernel " + kernel + " to wait for"));
            var exit = owned.exit();
            if (exit != null) {
                return Optional.of(exit);
            }
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) {
                return Optional.empty();
            }
            var pause = left.compareTo(exits.lookAgainAfter()) < 0 ? left : exits.lookAgainAfter();
            pause(kernel, next, pause);
        }
    }

    private static void pause(KernelId kernel, CompletableFuture<Void> next, Duration limit)
            throws KernelRuntimeException {
        try {
            next.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // nothing happened; another look
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the wait for kernel " + kernel + " was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting never fails", e);
        }
    }

    /** Ends a kernel if it runs. */
    void stop(KernelId kernel, Duration grace) throws IOException, KernelRuntimeException {
        if (!isRunning(kernel)) {
            return;
        }
        var folder = looks.folder(kernel);
        folder.markStopping();
        if (grace.isPositive()) {
            mainProgram(folder).ifPresent(ProcessHandle::destroy);
            if (await(kernel, grace).isPresent()) {
                return;
            }
        }
        var deadline = System.nanoTime() + KILL_LIMIT.toNanos();
        var isFirstTry = true;
        do {
            kill(kernel, folder, isFirstTry);
            isFirstTry = false;
            if (await(kernel, KILL_AGAIN_AFTER).isPresent()) {
                return;
            }
        } while (System.nanoTime() < deadline);
        throw new KernelRuntimeException("kernel " + kernel + " is still there " + KILL_LIMIT
                + " after it was killed; a process of it may hang in the operating system: "
                + groups.processes(kernel));
    }

    private boolean isRunning(KernelId kernel) throws IOException {
        return looks.look(kernel)
                .filter(owned -> owned.state() == State.RUNNING)
                .isPresent();
    }

    private static Optional<ProcessHandle> mainProgram(KernelFolder folder) throws IOException {
        if (isBare(folder)) {
            return folder.bareProgram();
        }
        // the first child that the sandbox's first process ever had; others were given to it later
        return folder.init()
                .flatMap(init -> ProcFiles.children(init.pid()).stream()
                        .findFirst()
                        .flatMap(ProcessHandle::of)
                        .filter(child ->
                                init.isAlive() && ProcFiles.children(init.pid()).contains(child.pid())));
    }

    private static boolean isBare(KernelFolder folder) throws IOException {
        return folder.note().filter(note -> !note.isIsolated()).isPresent();
    }

    private void kill(KernelId kernel, KernelFolder folder, boolean isFirstTry) throws IOException {
        var isBare = isBare(folder);
        var init = folder.init();
        if (init.isPresent() && !isBare) {
            // with the first process of a pid namespace, all others in it die
            init.get().destroyForcibly();
            if (isFirstTry) {
                return;
            }
        }
        if (isBare) {
            killSession(folder);
        }
        groups.kill(kernel);
        var supervisor = folder.supervisor().flatMap(HostProcess::handle);
        if (supervisor.isPresent() && init.isEmpty() && !isBare) {
            // the sandbox is just being made, or will not come to be
            supervisor.get().descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void killSession(KernelFolder folder) throws IOException {
        var program = folder.bareProgram();
        if (program.isEmpty()) {
            return;
        }
        var session = program.get().pid();
        for (var pid : ProcFiles.all()) {
            ProcessHandle.of(pid)
                    .filter(handle -> ProcFiles.stat(pid)
                            .filter(stat -> stat.session() == session)
                            .isPresent())
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
