package io.slipway.agent.api;

import org.osgi.annotation.versioning.ProviderType;

/** Where an agent tells managers what happens. Implemented by the manager or by the remote form. Thread-safe. */
@ProviderType
public interface AgentEventSink {

    /**
     * Takes one event. When this returns, the event is stored or known to be stale and the agent may forget it.
     *
     * @throws AgentException if it could not be stored; the agent keeps the event and delivers it again
     */
    void deliver(AgentEvent event) throws AgentException;

    /**
     * Takes a sign of life with what the agent has now.
     *
     * @throws AgentException if it could not be taken; the agent goes on and tries again at the next heartbeat
     */
    void heartbeat(AgentReport report) throws AgentException;
}
