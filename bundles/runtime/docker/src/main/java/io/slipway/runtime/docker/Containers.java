package io.slipway.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.time.Duration;
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

/** The kernels' containers in the engine: all that is known of them is asked each time. Thread-safe. */
final class Containers {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

    private final Engine engine;
    private final DockerSettings settings;
    private final ContainerExits exits;
    private final EndSignals ends;
    /** Created by this object and not started yet: of these nothing has to be asked. */
    private final ConcurrentMap<KernelId, OwnedKernel> created = new ConcurrentHashMap<>();

    Containers(Engine engine, DockerSettings settings, ContainerLogs logs) {
        this.engine = engine;
        this.settings = settings;
        var absence = new EngineAbsence(settings, InstantSource.system());
        this.exits = new ContainerExits(logs, absence);
        this.ends = new EndSignals(engine, settings, absence, InstantSource.system());
    }

    /** Hears of no ends any longer. */
    void close() {
        ends.close();
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
                kernel,
                found.getId(),
                ContainerNames.read(labels),
                state,
                state == State.EXITED ? exits.of(found) : null);
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
        return state(there) == State.EXITED ? Optional.of(exits.of(there)) : Optional.empty();
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
