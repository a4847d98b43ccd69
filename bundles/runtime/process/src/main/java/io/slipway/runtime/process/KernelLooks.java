package io.slipway.runtime.process;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells where kernels stand, from what is on the node alone. Thread-safe. */
final class KernelLooks {

    private static final int SIGNAL_BASE = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int KILLED = SIGNAL_BASE + 9;
    private static final int DETAIL_LIMIT = 500;

    private final Path kernels;
    private final ExitBoard exits;

    KernelLooks(Path kernels, ExitBoard exits) {
        this.kernels = kernels;
        this.exits = exits;
    }

    KernelFolder folder(KernelId kernel) {
        return new KernelFolder(kernels.resolve(kernel.toString()));
    }

    /** Returns a kernel as it is now; empty if there is none of that id. */
    Optional<OwnedKernel> look(KernelId kernel) throws IOException {
        var folder = folder(kernel);
        var note = folder.note();
        if (note.isEmpty()) {
            return Optional.empty();
        }
        var exit = exits.read(kernel);
        if (exit.isPresent()) {
            return Optional.of(ended(note.get(), exitOf(note.get(), folder, exit.get())));
        }
        var supervisor = folder.supervisor();
        if (supervisor.isEmpty()) {
            return Optional.of(owned(note.get(), State.CREATED, null));
        }
        if (!supervisor.get().isOfThisBoot()) {
            return Optional.of(ended(
                    note.get(),
                    new KernelExit(ExitReason.SIGNAL, null, "the machine was restarted while the kernel ran")));
        }
        if (isAlive(note.get(), folder, supervisor.get())) {
            return Optional.of(owned(note.get(), State.RUNNING, null));
        }
        // everything is gone; the exit file may have come between the two looks
        return Optional.of(ended(note.get(), lateExit(note.get(), folder)));
    }

    private static boolean isAlive(KernelNote note, KernelFolder folder, HostProcess supervisor) throws IOException {
        if (supervisor.isAlive()) {
            return true;
        }
        var program = note.isIsolated() ? folder.init() : folder.bareProgram();
        return program.isPresent();
    }

    private KernelExit lateExit(KernelNote note, KernelFolder folder) throws IOException {
        var exit = exits.read(note.kernel());
        if (exit.isEmpty()) {
            exit = folder.result();
        }
        return exit.isPresent()
                ? exitOf(note, folder, exit.get())
                : new KernelExit(
                        folder.isStopping() ? ExitReason.USER_REQUESTED : ExitReason.SIGNAL,
                        null,
                        "its supervisor was killed from outside, so the exit status is not known");
    }

    private static OwnedKernel ended(KernelNote note, KernelExit exit) {
        return owned(note, State.EXITED, exit);
    }

    private static OwnedKernel owned(KernelNote note, State state, @Nullable KernelExit exit) {
        return new OwnedKernel(note.kernel(), "process-" + note.kernel(), note.labels(), state, exit);
    }

    private static KernelExit exitOf(KernelNote note, KernelFolder folder, String record) throws IOException {
        var fields = fields(record);
        var code = fields.get("code");
        var isOutOfMemory = fields.getOrDefault("oom", 0) > 0;
        if (folder.isStopping()) {
            return new KernelExit(ExitReason.USER_REQUESTED, code, "");
        }
        if (code == null) {
            return new KernelExit(ExitReason.FAILED_TO_START, null, lastLine(folder));
        }
        if (code == KILLED && isOutOfMemory) {
            return new KernelExit(
                    ExitReason.OUT_OF_MEMORY, code, "it needed more than its " + note.memoryBytes() + " bytes");
        }
        if (code > SIGNAL_BASE && code <= SIGNAL_BASE + LAST_SIGNAL) {
            return new KernelExit(ExitReason.SIGNAL, code, "signal " + (code - SIGNAL_BASE));
        }
        if (note.isIsolated() && code != 0 && !folder.sandboxWasReady()) {
            return new KernelExit(ExitReason.FAILED_TO_START, code, lastLine(folder));
        }
        return new KernelExit(ExitReason.SELF_TERMINATED, code, "");
    }

    /** Reads lines {@code name=number}; others are left out. */
    private static Map<String, Integer> fields(String record) {
        var fields = new HashMap<String, Integer>();
        for (var line : record.split("\n", -1)) {
            var parts = line.split("=", 2);
            if (parts.length == 2 && parts[1].matches("[0-9]{1,9}")) {
                fields.put(parts[0], Integer.valueOf(parts[1]));
            }
        }
        return fields;
    }

    private static String lastLine(KernelFolder folder) throws IOException {
        var text = new String(folder.logTail(DETAIL_LIMIT), StandardCharsets.UTF_8).strip();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    /** Returns every kernel. If one cannot be looked at nothing is known: to leave it out would mean that it is gone. */
    List<OwnedKernel> all() throws IOException {
        var result = new ArrayList<OwnedKernel>();
        try (var entries = Files.newDirectoryStream(kernels, KernelLooks::isKernel)) {
            for (var entry : entries) {
                look(KernelId.parse(entry.getFileName().toString())).ifPresent(result::add);
            }
        }
        return result;
    }

    private static boolean isKernel(Path entry) {
        try {
            KernelId.parse(entry.getFileName().toString());
            return Files.isDirectory(entry);
        } catch (IllegalArgumentException e) {
            // a folder of another use
            return false;
        }
    }
}
