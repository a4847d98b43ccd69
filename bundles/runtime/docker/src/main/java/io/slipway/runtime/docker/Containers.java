package io.slipway.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernels' containers in the engine: all that is known of them is asked each time. Thread-safe. */
final class Containers {

    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final int SIGNALS_FROM = 128;
    private static final int LAST_SIGNAL = 64;
    /** What an engine says of a container that ended while nobody held it. */
    private static final int LOST = 255;

    private static final int CANNOT_RUN = 126;
    private static final int NOT_FOUND = 127;
    private static final int LOG_BYTES = 1_000;
    private static final String INIT_GAVE_UP = "[FATAL tini";

    private final Engine engine;
    private final DockerSettings settings;
    private final ContainerLogs logs;
    private final EngineAbsence absence;
    private final EndSignals ends;
    /** Created by this object and not started yet: of these nothing has to be asked. */
    private final ConcurrentMap<KernelId, OwnedKernel> created = new ConcurrentHashMap<>();

    Containers(Engine engine, DockerSettings settings, ContainerLogs logs) {
        this.engine = engine;
        this.settings = settings;
        this.logs = logs;
        this.absence = new EngineAbsence(settings, InstantSource.system());
        this.ends = new EndSignals(engine, settings.owner(), absence, InstantSource.system());
    }

    /** Looks at a kernel's container. */
    Optional<InspectContainerResponse> look(KernelId kernel) throws KernelRuntimeException {
        return engine.call("look at kernel " + kernel, Engine.SHORT, line -> inspect(line, kernel));
    }

    private Optional<InspectContainerResponse> inspect(DockerClient line, KernelId kernel) {
        return Stream.of(ContainerNames.of(kernel), ContainerNames.ofEnded(kernel))
                .flatMap(name -> named(line, name).stream())
                .filter(found -> isOurs(found.getConfig().getLabels()))
                .findFirst();
    }

    private static Optional<InspectContainerResponse> named(DockerClient line, String name) {
        try {
            return Optional.of(line.inspectContainerCmd(name).exec());
        } catch (NotFoundException e) {
            // perhaps it has another name
            return Optional.empty();
        }
    }

    /** Looks at a kernel's container that must run. */
    InspectContainerResponse running(KernelId kernel) throws KernelRuntimeException {
        return look(kernel)
                .filter(found -> state(found) == State.RUNNING)
                .orElseThrow(() -> new KernelRuntimeException("kernel " + kernel + " does not run"));
    }

    private boolean isOurs(@Nullable Map<String, String> labels) {
        return labels != null && settings.owner().equals(labels.get(ContainerNames.OWNER));
    }

    List<OwnedKernel> list() throws KernelRuntimeException {
        var listed = engine.call(
                "list of kernels",
                Engine.SHORT,
                line -> line.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of(ContainerNames.OWNER, settings.owner()))
                        .exec());
        var result = new ArrayList<OwnedKernel>();
        for (var container : listed) {
            var kernel = List.of(container.getNames()).stream()
                    .flatMap(name -> ContainerNames.kernel(name).stream())
                    .findFirst();
            if (kernel.isPresent()) {
                owned(kernel.get(), container).ifPresent(result::add);
            }
        }
        return result;
    }

    private Optional<OwnedKernel> owned(KernelId kernel, Container listed) throws KernelRuntimeException {
        var state = state(Objects.requireNonNullElse(listed.getState(), ""));
        if (state == State.EXITED) {
            // gone meanwhile, perhaps
            var found = look(kernel);
            return found.isEmpty() ? Optional.empty() : Optional.of(owned(kernel, found.get()));
        }
        return Optional.of(
                new OwnedKernel(kernel, listed.getId(), ContainerNames.read(listed.getLabels()), state, null));
    }

    OwnedKernel owned(KernelId kernel, InspectContainerResponse found) throws KernelRuntimeException {
        var state = state(found);
        var labels = Objects.requireNonNullElse(found.getConfig().getLabels(), Map.<String, String>of());
        return new OwnedKernel(
                kernel, found.getId(), ContainerNames.read(labels), state, state == State.EXITED ? exit(found) : null);
    }

    static State state(InspectContainerResponse found) {
        return state(Objects.requireNonNullElse(found.getState().getStatus(), ""));
    }

    static State state(String status) {
        return switch (status) {
            case "created" -> State.CREATED;
            case "exited", "dead", "removing" -> State.EXITED;
            default -> State.RUNNING;
        };
    }

    private KernelExit exit(InspectContainerResponse found) throws KernelRuntimeException {
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

    /** Returns whether there is a container of a kernel whose end was asked for. */
    boolean hasEnded(KernelId kernel) throws KernelRuntimeException {
        return engine.call(
                        "look at kernel " + kernel, Engine.SHORT, line -> named(line, ContainerNames.ofEnded(kernel)))
                .filter(found -> isOurs(found.getConfig().getLabels()))
                .isPresent();
    }

    /** Notes a container that was made just now. */
    void created(KernelSpec spec, String id) {
        created.put(spec.kernel(), new OwnedKernel(spec.kernel(), id, spec.labels(), State.RUNNING, null));
    }

    OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var fresh = created.remove(kernel);
        if (fresh == null) {
            return startKnown(kernel, limit);
        }
        return engine.call("start of kernel " + kernel, limit, line -> {
            try {
                line.startContainerCmd(fresh.containerId()).exec();
                return fresh;
            } catch (NotModifiedException e) {
                // another call was faster, which is as good
                return owned(
                        kernel, line.inspectContainerCmd(fresh.containerId()).exec());
            }
        });
    }

    private OwnedKernel startKnown(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var found = look(kernel)
                .orElseThrow(() -> new KernelRuntimeException("there is no kernel " + kernel + " to start"));
        if (state(found) != State.CREATED) {
            return owned(kernel, found);
        }
        return engine.call("start of kernel " + kernel, limit, line -> {
            try {
                line.startContainerCmd(found.getId()).exec();
            } catch (NotModifiedException e) {
                // another call was faster, which is as good
                return owned(kernel, line.inspectContainerCmd(found.getId()).exec());
            }
            return owned(kernel, line.inspectContainerCmd(found.getId()).exec());
        });
    }

    void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        created.remove(kernel);
        var found = look(kernel);
        if (found.isEmpty() || state(found.get()) != State.RUNNING) {
            return;
        }
        var id = found.get().getId();
        markEnd(kernel, found.get());
        var isGone = false;
        if (!grace.isZero()) {
            signal(kernel, id, "SIGTERM");
            isGone = await(kernel, id, grace);
        }
        if (!isGone) {
            signal(kernel, id, "SIGKILL");
            if (!await(kernel, id, KILL_LIMIT)) {
                throw new KernelRuntimeException(
                        "kernel " + kernel + " was killed, but still runs after " + KILL_LIMIT.toSeconds() + " s");
            }
        }
    }

    private void markEnd(KernelId kernel, InspectContainerResponse found) throws KernelRuntimeException {
        if (ContainerNames.isEndAskedFor(found.getName())) {
            return;
        }
        engine.call("end of kernel " + kernel, Engine.SHORT, line -> {
            try {
                line.renameContainerCmd(found.getId())
                        .withName(ContainerNames.ofEnded(kernel))
                        .exec();
            } catch (NotFoundException e) {
                // gone meanwhile, which is what is wanted
                return kernel;
            }
            return kernel;
        });
    }

    private void signal(KernelId kernel, String id, String signal) throws KernelRuntimeException {
        engine.call("end of kernel " + kernel, Engine.SHORT, line -> {
            try {
                line.killContainerCmd(id).withSignal(signal).exec();
            } catch (NotFoundException | ConflictException e) {
                // ended meanwhile
                return kernel;
            }
            return kernel;
        });
    }

    void remove(KernelId kernel) throws KernelRuntimeException {
        created.remove(kernel);
        var found = look(kernel);
        if (found.isEmpty()) {
            return;
        }
        if (state(found.get()) == State.RUNNING) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be removed: it runs");
        }
        engine.call("removal of kernel " + kernel, KILL_LIMIT, line -> {
            try {
                line.removeContainerCmd(found.get().getId())
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException e) {
                // another call was faster
                return kernel;
            } catch (ConflictException e) {
                if (!String.valueOf(e.getMessage()).contains("already in progress")) {
                    throw e;
                }
            }
            return kernel;
        });
        awaitRemoval(kernel);
    }

    private void awaitRemoval(KernelId kernel) throws KernelRuntimeException {
        var deadline = System.nanoTime() + KILL_LIMIT.toNanos();
        while (look(kernel).isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new KernelRuntimeException("kernel " + kernel + " is still being removed");
            }
            pause(kernel);
        }
    }

    private static void pause(KernelId kernel) throws KernelRuntimeException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the wait for kernel " + kernel + " was interrupted", e);
        }
    }

    Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            // first the ear, then the eye: what happens in between is heard
            var signal = ends.of(kernel);
            if (signal.needsLook()) {
                var exit = exitNow(kernel);
                if (exit.isPresent()) {
                    return exit;
                }
                signal.looked();
            }
            if (!isRaised(kernel, signal, deadline - System.nanoTime())) {
                return Optional.empty();
            }
            ends.forget(kernel);
        }
    }

    private Optional<KernelExit> exitNow(KernelId kernel) throws KernelRuntimeException {
        var found = look(kernel);
        if (found.isEmpty() || state(found.get()) == State.EXITED) {
            ends.forget(kernel);
        }
        var there = found.orElseThrow(() -> new KernelRuntimeException("there is no kernel " + kernel + " to watch"));
        return state(there) == State.EXITED ? Optional.of(exit(there)) : Optional.empty();
    }

    private static boolean isRaised(KernelId kernel, EndSignals.Signal signal, long nanos)
            throws KernelRuntimeException {
        try {
            return signal.await(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the wait for kernel " + kernel + " was interrupted", e);
        }
    }

    /** Returns whether the container has ended within the limit. */
    private boolean await(KernelId kernel, String id, Duration limit) throws KernelRuntimeException {
        return engine.call("wait for kernel " + kernel, limit.plus(Engine.SHORT), line -> ends(line, id, limit));
    }

    private static boolean ends(DockerClient line, String id, Duration limit) throws IOException, InterruptedException {
        if (state(line.inspectContainerCmd(id).exec()) == State.CREATED) {
            // the engine would say at once that it does not run
            Thread.sleep(limit);
            return state(line.inspectContainerCmd(id).exec()) == State.EXITED;
        }
        var told = new WaitContainerResultCallback();
        try (told) {
            line.waitContainerCmd(id).exec(told);
            if (!told.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (NotFoundException e) {
            return true;
        }
        return state(line.inspectContainerCmd(id).exec()) == State.EXITED;
    }
}
