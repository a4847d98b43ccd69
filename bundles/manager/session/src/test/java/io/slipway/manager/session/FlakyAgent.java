package io.slipway.manager.session;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.AgentReport;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.KernelReport.Phase;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.agent.api.RestartKernel;
import io.slipway.allocation.AllocationResult;
import io.slipway.allocation.DeviceAllocator;
import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An agent that keeps its contract and no more: calls get lost before or after they did their work, arrive late, are refused;
 * events are told late, twice, or not before the manager asks; it restarts and forgets what it had to tell; containers start
 * slowly, fail, end by themselves or vanish. All of it by one generator, one step at a time.
 */
final class FlakyAgent implements Agent {

    /** How often something goes wrong, in per cent; and what may happen meanwhile. */
    static final class Chaos {

        private final RandomGenerator random;
        private final Runnable meanwhile;
        boolean isOn = true;

        Chaos(RandomGenerator random, Runnable meanwhile) {
            this.random = random;
            this.meanwhile = meanwhile;
        }

        boolean happens(int percent) {
            return isOn && random.nextInt(100) < percent;
        }

        void interleave() {
            if (happens(25)) {
                meanwhile.run();
            }
        }

        int below(int bound) {
            return random.nextInt(bound);
        }
    }

    private static final class Container {

        private final SessionId session;
        private final List<DeviceAllocation> allocations;
        private Phase phase = Phase.STARTING;
        private @Nullable KernelExit exit;
        private long round;

        Container(SessionId session, List<DeviceAllocation> allocations) {
            this.session = session;
            this.allocations = allocations;
        }
    }

    private final AgentRecord record;
    private final Chaos chaos;
    private final Map<KernelId, Container> containers = new LinkedHashMap<>();
    private final Map<KernelId, Deque<AgentEvent>> toTell = new LinkedHashMap<>();
    private Runnable afterCreation = () -> {};
    private int unheard;
    private final Deque<Runnable> lateCalls = new ArrayDeque<>();

    FlakyAgent(AgentRecord record, Chaos chaos) {
        this.record = record;
        this.chaos = chaos;
    }

    /** Lets something happen before each create call returns. */
    void afterCreation(Runnable action) {
        afterCreation = action;
    }

    AgentId id() {
        return record.id();
    }

    /** Returns kernels that hold devices here. */
    List<KernelId> alive() {
        return containers.entrySet().stream()
                .filter(entry -> entry.getValue().phase != Phase.ENDED)
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean isRunning(KernelId kernel) {
        var container = containers.get(kernel);
        return container != null && container.phase == Phase.RUNNING;
    }

    boolean hasToTell() {
        return !toTell.isEmpty() || !lateCalls.isEmpty();
    }

    // what goes on by itself

    /** Lets one thing happen. */
    void step() {
        if (!lateCalls.isEmpty() && chaos.below(25) == 0) {
            lateCalls.removeFirst().run();
        }
        if (containers.isEmpty()) {
            return;
        }
        var kernel = new ArrayList<>(containers.keySet()).get(chaos.below(containers.size()));
        var container = containers.get(kernel);
        switch (container.phase) {
            case STARTING -> {
                if (chaos.happens(10)) {
                    end(kernel, container, new KernelExit(ExitReason.FAILED_TO_START, 1, "broken on purpose"));
                } else {
                    container.phase = Phase.RUNNING;
                    tell(kernel, running(kernel, container));
                }
            }
            case RUNNING -> {
                if (chaos.happens(4)) {
                    end(kernel, container, new KernelExit(ExitReason.SELF_TERMINATED, 0, ""));
                } else if (chaos.happens(2)) {
                    containers.remove(kernel); // vanished, and nobody noticed
                }
            }
            case ENDING -> end(kernel, container, new KernelExit(ExitReason.USER_REQUESTED, null, ""));
            case ENDED -> {
                if (!toTell.containsKey(kernel)) {
                    containers.remove(kernel);
                }
            }
        }
    }

    /** Forgets what it had to tell; what was starting is lost, what ran runs on. */
    void restart() {
        toTell.clear();
        containers.values().removeIf(container -> container.phase == Phase.STARTING && chaos.below(2) == 0);
        containers.values().removeIf(container -> container.phase == Phase.ENDED);
    }

    /** Tells one event, the oldest of some kernel; maybe again later. */
    void tell(Consumer<AgentEvent> manager) {
        if (toTell.isEmpty()) {
            return;
        }
        var kernel = new ArrayList<>(toTell.keySet()).get(chaos.below(toTell.size()));
        var events = toTell.get(kernel);
        manager.accept(events.getFirst());
        if (!chaos.happens(25) && toTell.containsKey(kernel)) { // else the answer got lost
            events.removeFirst();
            if (events.isEmpty()) {
                toTell.remove(kernel);
            }
        }
    }

    private void tell(KernelId kernel, AgentEvent event) {
        toTell.computeIfAbsent(kernel, key -> new ArrayDeque<>()).add(event);
    }

    private AgentEvent running(KernelId kernel, Container container) {
        return new AgentEvent.KernelRunning(id(), kernel, "c-" + kernel, List.of(), container.allocations);
    }

    private void end(KernelId kernel, Container container, KernelExit exit) {
        container.phase = Phase.ENDED;
        container.exit = exit;
        tell(kernel, new AgentEvent.KernelEnded(id(), kernel, exit, "the end"));
    }

    // calls

    private interface Work {

        void run() throws AgentException;
    }

    private void call(Work work) throws AgentException {
        chaos.interleave();
        if (chaos.happens(8)) {
            throw new AgentException(Reason.UNREACHABLE, "lost on the way, on purpose");
        }
        if (chaos.happens(5)) {
            lateCalls.add(() -> {
                try {
                    work.run();
                } catch (AgentException e) {
                    unheard++; // nobody waits for this answer any more
                }
            });
            throw new AgentException(Reason.TIMEOUT, "late on purpose");
        }
        work.run();
        chaos.interleave();
        if (chaos.happens(8)) {
            throw new AgentException(Reason.TIMEOUT, "answer lost on purpose");
        }
    }

    @Override
    public void prepare(PrepareKernel request) throws AgentException {
        call(() -> {
            if (chaos.happens(20)) {
                tell(request.kernel(), new AgentEvent.KernelPulling(id(), request.kernel()));
                for (int i = 0; i < 20; i++) {
                    chaos.interleave(); // a pull takes its time
                }
            }
            if (chaos.happens(3)) {
                throw new AgentException(Reason.FAILED, "no such image, on purpose");
            }
        });
    }

    @Override
    public void create(CreateKernel request) throws AgentException {
        call(() -> {
            var present = containers.get(request.kernel());
            if (present != null) {
                retell(request.kernel(), present);
                return;
            }
            if (chaos.happens(5)) {
                throw new AgentException(Reason.NO_CAPACITY, "no capacity, on purpose");
            }
            if (chaos.happens(2)) {
                throw new AgentException(Reason.FAILED, "failed, on purpose");
            }
            containers.put(request.kernel(), new Container(request.session(), allocate(request)));
            afterCreation.run();
        });
    }

    @Override
    public void restart(RestartKernel request) throws AgentException {
        call(() -> {
            var container = containers.get(request.create().kernel());
            if (container == null) {
                throw new AgentException(Reason.UNKNOWN_KERNEL, "was not here");
            }
            if (container.round >= request.round() || container.phase == Phase.ENDED) {
                retell(request.create().kernel(), container);
                return;
            }
            if (container.phase != Phase.RUNNING) {
                throw new AgentException(Reason.FAILED, "does not run");
            }
            container.phase = Phase.STARTING;
            container.round = request.round();
        });
    }

    private List<DeviceAllocation> allocate(CreateKernel request) throws AgentException {
        var taken = containers.values().stream()
                .filter(container -> container.phase != Phase.ENDED)
                .flatMap(container -> container.allocations.stream())
                .toList();
        return switch (DeviceAllocator.allocate(request.slots(), record.devices(), taken)) {
            case AllocationResult.Allocated allocated -> allocated.allocations();
            case AllocationResult.Insufficient none -> throw new AgentException(Reason.NO_CAPACITY, none.reason());
        };
    }

    private void retell(KernelId kernel, Container container) {
        switch (container.phase) {
            case RUNNING -> tell(kernel, running(kernel, container));
            case ENDED -> tell(kernel, new AgentEvent.KernelEnded(id(), kernel, exit(container), "the end"));
            case STARTING, ENDING -> {}
        }
    }

    private static KernelExit exit(Container container) {
        return Optional.ofNullable(container.exit).orElse(new KernelExit(ExitReason.SELF_TERMINATED, null, ""));
    }

    @Override
    public void destroy(DestroyKernel request) throws AgentException {
        call(() -> {
            var container = containers.get(request.kernel());
            if (container == null) {
                var exit = new KernelExit(request.reason(), null, "was not here");
                tell(request.kernel(), new AgentEvent.KernelEnded(id(), request.kernel(), exit, ""));
            } else if (container.phase == Phase.ENDED) {
                retell(request.kernel(), container);
            } else {
                container.phase = Phase.ENDING;
            }
        });
    }

    @Override
    public List<KernelReport> kernels() throws AgentException {
        call(() -> {});
        return containers.entrySet().stream()
                .map(entry -> new KernelReport(
                        entry.getKey(),
                        entry.getValue().session,
                        entry.getValue().phase,
                        "c-" + entry.getKey(),
                        List.of(),
                        entry.getValue().allocations,
                        entry.getValue().phase == Phase.ENDED ? exit(entry.getValue()) : null))
                .toList();
    }

    @Override
    public AgentReport report() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ExecuteReply execute(ExecuteCall call) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt(KernelId kernel) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> complete(CompleteCall call) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String logs(KernelId kernel, int maxBytes, Duration limit) {
        throw new UnsupportedOperationException();
    }
}
