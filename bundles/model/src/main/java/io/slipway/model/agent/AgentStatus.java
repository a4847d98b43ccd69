package io.slipway.model.agent;

/** Whether an agent is heard of. */
public enum AgentStatus {
    /** Heartbeats arrive. */
    ALIVE,
    /** Silent for longer than the limit; its kernels are believed to run on. */
    LOST,
    /** It said that it restarts. */
    RESTARTING,
    /** It said goodbye. */
    TERMINATED
}
