package io.slipway.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why containers ended, of which the engine tells little more than a number. */
final class ContainerExits {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerExits.class);
    private static final int SIGNALS_FROM = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int CANNOT_RUN = 126;
    private static final int NOT_FOUND = 127;
    private static final int LOG_BYTES = 1_000;
    private static final String INIT_GAVE_UP = "[FATAL tini";
    /** What an engine says of a container that ended while nobody held it. */
    private static final int LOST = 255;

    private final ContainerLogs logs;
    private final EngineAbsence absence;

    ContainerExits(ContainerLogs logs, EngineAbsence absence) {
        this.logs = logs;
        this.absence = absence;
    }

    /** Returns how a container ended that has. */
    KernelExit of(InspectContainerResponse found) throws KernelRuntimeException {
        var state = found.getState();
        var code = Objects.requireNonNullElse(state.getExitCodeLong(), 0L).intValue();
        var isOutOfMemory = Boolean.TRUE.equals(state.getOOMKilled());
        var error = Objects.requireNonNullElse(state.getError(), "");
        if (code == CANNOT_RUN || code == NOT_FOUND) {
            var last = new String(logs.tail(found.getId(), LOG_BYTES), StandardCharsets.UTF_8).strip();
            if (last.contains(INIT_GAVE_UP)) {
                return new KernelExit(ExitReason.FAILED_TO_START, code, last.substring(last.indexOf(INIT_GAVE_UP)));
            }
        }
        var exit = exit(ContainerNames.isEndAskedFor(found.getName()), isOutOfMemory, code, error);
        return isByTheEngine(exit, code, state) ? new KernelExit(ExitReason.SIGNAL, code, byTheEngine(code)) : exit;
    }

    private boolean isByTheEngine(KernelExit exit, int code, ContainerState state) {
        if (exit.reason() != ExitReason.SIGNAL && !(exit.reason() == ExitReason.SELF_TERMINATED && code == LOST)) {
            return false;
        }
        try {
            return absence.explains(Instant.parse(state.getStartedAt()), Instant.parse(state.getFinishedAt()));
        } catch (DateTimeException e) {
            LOG.debug("The engine tells times that are none: {} {}", state.getStartedAt(), state.getFinishedAt(), e);
            return false;
        }
    }

    private static String byTheEngine(int code) {
        var how = code == LOST ? "exit status " + code : "signal " + (code - SIGNALS_FROM);
        return "the Docker engine was stopped or restarted, which ended the container (" + how + ")";
    }

    static KernelExit exit(boolean isAskedFor, boolean isOutOfMemory, int code, String error) {
        if (isAskedFor) {
            return new KernelExit(ExitReason.USER_REQUESTED, code, error);
        }
        if (isOutOfMemory && code != 0) {
            return new KernelExit(ExitReason.OUT_OF_MEMORY, code, "it used more memory than it was given");
        }
        if (code > SIGNALS_FROM && code <= SIGNALS_FROM + LAST_SIGNAL) {
            return new KernelExit(ExitReason.SIGNAL, code, "signal " + (code - SIGNALS_FROM));
        }
        return new KernelExit(ExitReason.SELF_TERMINATED, code, error);
    }
}
