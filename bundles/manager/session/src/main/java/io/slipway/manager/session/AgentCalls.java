package io.slipway.manager.session;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.model.agent.AgentId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Calls of agents, so many of one kind at once to one agent and no more: an agent that hangs holds up nobody but itself,
 * and long pulls do not keep short calls waiting.
 */
final class AgentCalls {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AgentDirectory directory;
    private final int permits;
    private final ConcurrentMap<Lane, Semaphore> lanes = new ConcurrentHashMap<>();

    /** Kinds of calls. */
    enum Kind {
        /** Making images ready; may take long. */
        PREPARE,
        /** Creating; answers soon. */
        CREATE,
        /** Ending and asking; answers soon. */
        OTHER
    }

    private record Lane(AgentId agent, Kind kind) {}

    /**
     * A call.
     *
     * @param <T> its answer
     */
    interface Call<T> {

        /** Makes it. */
        T of(Agent agent) throws AgentException;
    }

    AgentCalls(AgentDirectory directory, int permits) {
        this.directory = directory;
        this.permits = permits;
    }

    /**
     * Makes a call.
     *
     * @throws AgentException also UNREACHABLE if there is no way to the agent or too many calls are out to it: then it was
     *     not called
     */
    <T> T call(AgentId agent, Kind kind, Call<T> call) throws AgentException {
        var lane = lanes.computeIfAbsent(new Lane(agent, kind), key -> new Semaphore(permits, true));
        enter(agent, lane);
        try {
            var connection = directory.connect(agent);
            if (connection.isEmpty()) {
                throw new AgentException(Reason.UNREACHABLE, "agent " + agent + " cannot be reached now");
            }
            return call.of(connection.get());
        } finally {
            lane.release();
        }
    }

    private void enter(AgentId agent, Semaphore lane) throws AgentException {
        try {
            if (!lane.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AgentException(
                        Reason.UNREACHABLE, permits + " calls are out to agent " + agent + " and none came back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.UNREACHABLE, "call of agent " + agent + " was interrupted", e);
        }
    }
}
