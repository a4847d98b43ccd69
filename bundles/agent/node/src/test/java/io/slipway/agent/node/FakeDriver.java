package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.spi.DriverKind;
import io.slipway.agent.spi.DriverLaunch;
import io.slipway.agent.spi.KernelDriver;
import io.slipway.model.kernel.KernelId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A driver that answers when the test lets it. */
final class FakeDriver implements KernelDriver {

    final Map<KernelId, DriverKind> open = new ConcurrentHashMap<>();
    private final Map<KernelId, CompletableFuture<Boolean>> ready = new ConcurrentHashMap<>();
    volatile boolean answersAtOnce = true;
    final Set<String> tasks = ConcurrentHashMap.newKeySet();
    final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    final AtomicInteger failingOpens = new AtomicInteger();

    @Override
    public DriverLaunch open(KernelId kernel, DriverKind kind) throws AgentException {
        if (failingOpens.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new AgentException(Reason.FAILED, "no socket");
        }
        open.put(kernel, kind);
        ready.computeIfAbsent(kernel, id -> new CompletableFuture<>());
        if (answersAtOnce) {
            ready.get(kernel).complete(true);
        }
        return new DriverLaunch(
                List.of("interpreter", "/opt/slipway/launch"), Path.of("/run/slipway/k"), "/opt/slipway");
    }

    void answer(KernelId kernel) {
        ready.get(kernel).complete(true);
    }

    @Override
    public void awaitReady(KernelId kernel, Duration limit) throws AgentException {
        var future = ready.get(kernel);
        try {
            if (future == null || !future.get(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AgentException(Reason.UNKNOWN_KERNEL, "kernel " + kernel + " is not open");
            }
        } catch (TimeoutException e) {
            throw new AgentException(Reason.TIMEOUT, "the driver did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.FAILED, "interrupted", e);
        } catch (ExecutionException e) {
            throw new AgentException(Reason.FAILED, "broken", e);
        }
    }

    @Override
    public ExecuteReply execute(ExecuteCall call) {
        return new ExecuteReply(call.runId(), ExecuteReply.Status.FINISHED, 0, false, List.of());
    }

    @Override
    public void interrupt(KernelId kernel) {}

    @Override
    public List<String> complete(CompleteCall call) {
        return List.of("print");
    }

    @Override
    public OptionalInt task(KernelId kernel, String name, String command, Duration limit) {
        tasks.add(kernel + " " + name + " " + command);
        var end = System.nanoTime() + limit.toNanos();
        while (!statuses.containsKey(name) && open.containsKey(kernel) && System.nanoTime() < end) {
            LockSupport.parkNanos(2_000_000);
        }
        var status = statuses.get(name);
        return status == null ? OptionalInt.empty() : OptionalInt.of(status);
    }

    @Override
    public void close(KernelId kernel) {
        open.remove(kernel);
        var future = ready.remove(kernel);
        if (future != null) {
            future.complete(false);
        }
    }
}
