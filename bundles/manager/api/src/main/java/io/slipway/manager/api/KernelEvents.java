package io.slipway.manager.api;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.KernelReport;
import io.slipway.model.agent.AgentId;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Where what happens to kernels on agents becomes state of sessions. Idempotent; thread-safe; calls block. */
@ProviderType
public interface KernelEvents {

    /**
     * Applies an event. An event that no longer fits (a duplicate, a late one) changes nothing.
     *
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if it could not be stored; deliver it again
     */
    void apply(AgentEvent event);

    /**
     * Compares an agent's truth with the table and repairs: adopts and moves kernels that the table has, tells which the
     * agent must remove. Never guesses: a kernel that the agent lacks counts as gone only if it is lacking twice, at
     * least ten seconds apart, in answers of a living agent; and nothing follows from an answer that is older than what the
     * table has of a kernel, such as its end.
     *
     * @param askedAt when the agent was asked, or before
     * @return kernels that the agent has though the table says that they ended or are not to be there
     */
    List<KernelReport> reconcile(AgentId agent, List<KernelReport> kernels, Instant askedAt);
}
