package io.slipway.runtime.process;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts supervisors, and sees that the kernel's main program came to run. */
final class KernelStarter {

    /** No sandbox is made faster, and looking costs time that its making needs. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int LOG_BYTES = 2_000;

    private final KernelLooks looks;
    private final ExitBoard exits;
    private final Path script;
    private final List<String> signalReset;

    /** @param signalReset a program and its options that runs its arguments with no signal ignored; maybe none */
    KernelStarter(KernelLooks looks, ExitBoard exits, Path script, List<String> signalReset) {
        this.looks = looks;
        this.exits = exits;
        this.script = script;
        this.signalReset = List.copyOf(signalReset);
    }

    OwnedKernel start(KernelId kernel, Duration limit) throws IOException, KernelRuntimeException {
        var owned = find(kernel);
        if (owned.state() != State.CREATED) {
            return owned;
        }
        var begin = System.nanoTime();
        var process = launch(kernel);
        pause(kernel, FIRST_PAUSE);
        var folder = looks.folder(kernel);
        while (exits.read(kernel).isEmpty() && !isBegun(folder)) {
            var waited = Duration.ofNanos(System.nanoTime() - begin);
            if (waited.compareTo(limit) > 0) {
                throw new KernelRuntimeException("kernel " + kernel + " did not start within " + limit);
            }
            if (!process.isAlive() && folder.supervisor().isEmpty()) {
                throw new KernelRuntimeException("kernel " + kernel + " did not start: its supervisor did not come up");
            }
            pause(kernel, PAUSE);
        }
        var now = find(kernel);
        var exit = now.exit();
        if (exit != null && exit.reason() == ExitReason.FAILED_TO_START) {
            throw new KernelRuntimeException("kernel " + kernel + " did not start: "
                    + new String(folder.logTail(LOG_BYTES), StandardCharsets.UTF_8).strip());
        }
        return now;
    }

    private OwnedKernel find(KernelId kernel) throws IOException, KernelRuntimeException {
        return looks.look(kernel)
                .orElseThrow(() -> new KernelRuntimeException("there is no kernel " + kernel + " to start"));
    }

    /**
     * Starts the supervisor in a session of its own and without a pipe. It is our child as long as we live, so that we clear
     * it away when it ends, and the init process's after that.
     */
    private Process launch(KernelId kernel) throws IOException {
        var command = new ArrayList<>(signalReset);
        command.addAll(List.of(
                "/usr/bin/setsid",
                "/bin/sh",
                script.toString(),
                looks.folder(kernel).path().toString(),
                exits.file(kernel).toString()));
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.directory(new File("/"));
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }

    /** Returns whether the main program runs: the sandbox is whole, and bwrap has become the program. */
    private static boolean isBegun(KernelFolder folder) throws IOException {
        if (folder.bareProgram().isPresent()) {
            return true;
        }
        var init = folder.init();
        if (init.isEmpty()) {
            return false;
        }
        return ProcFiles.children(init.get().pid()).stream()
                .anyMatch(child -> ProcFiles.programName(child)
                        .filter(name -> !name.equals("bwrap"))
                        .isPresent());
    }

    private static void pause(KernelId kernel, Duration pause) throws KernelRuntimeException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the start of kernel " + kernel + " was interrupted", e);
        }
    }
}
