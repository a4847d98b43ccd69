package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.fail;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentEventSink;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentReport;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps what an agent tells. */
final class RecordingSink implements AgentEventSink {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<AgentEvent> events = new ArrayList<>();
    private final List<AgentReport> reports = new ArrayList<>();
    private boolean isAway;

    @Override
    public synchronized void deliver(AgentEvent event) throws AgentException {
        if (isAway) {
            throw new AgentException(AgentException.Reason.UNREACHABLE, "the manager is away");
        }
        events.add(event);
        notifyAll();
    }

    @Override
    public synchronized void heartbeat(AgentReport report) throws AgentException {
        if (isAway) {
            throw new AgentException(AgentException.Reason.UNREACHABLE, "the manager is away");
        }
        reports.add(report);
        notifyAll();
    }

    synchronized void away(boolean away) {
        isAway = away;
    }

    synchronized List<AgentEvent> events(KernelId kernel) {
        return events.stream().filter(event -> event.kernel().equals(kernel)).toList();
    }

    AgentEvent.KernelRunning awaitRunning(KernelId kernel) {
        return await(AgentEvent.KernelRunning.class, event -> event.kernel().equals(kernel));
    }

    AgentEvent.KernelEnded awaitEnded(KernelId kernel) {
        return await(AgentEvent.KernelEnded.class, event -> event.kernel().equals(kernel));
    }

    private synchronized <E extends AgentEvent> E await(Class<E> type, Predicate<E> wanted) {
        return awaitFirst(() -> events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(wanted)
                .findFirst());
    }

    synchronized AgentReport awaitReport(Predicate<AgentReport> wanted) {
        return awaitFirst(() -> reports.reversed().stream().filter(wanted).findFirst());
    }

    synchronized void awaitCount(KernelId kernel, int count) {
        awaitFirst(() -> Optional.of(events(kernel)).filter(found -> found.size() >= count));
    }

    private interface Look<T> {
        Optional<T> look();
    }

    private synchronized <T> T awaitFirst(Look<T> look) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var found = look.look();
            if (found.isPresent()) {
                return found.get();
            }
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return fail("not told within " + PATIENCE + "; told: " + events);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return fail("interrupted");
            }
        }
    }
}
