package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells agents to end kernels. Changes no state: a kernel is TERMINATED when its agent says that the container is gone. A
 * call that fails is repeated by the sweep.
 */
final class Ender {

    private static final Logger LOG = LoggerFactory.getLogger(Ender.class);
    private static final Duration CREATE_PATIENCE = Duration.ofSeconds(10);

    private final AgentCalls calls;
    private final Launches launches;
    private final Settings settings;

    Ender(AgentCalls calls, Launches launches, Settings settings) {
        this.calls = calls;
        this.launches = launches;
        this.settings = settings;
    }

    /** Tells every agent that still has a kernel of an ending session. */
    void end(SessionRecord session) {
        if (!launches.forbid(session.id(), CREATE_PATIENCE)) {
            LOG.warn("session={} ends while a create call is still out", session.id());
        }
        session.kernels().stream()
                .filter(kernel -> kernel.status() == KernelStatus.TERMINATING)
                .forEach(kernel ->
                        destroy(kernel, EndReason.parse(session.statusInfo()).reason()));
    }

    /** Removes a kernel from an agent that should not have it. */
    void removeStray(AgentId agent, KernelId kernel) {
        LOG.warn("kernel={} is on agent={} but should not be; it is removed there", kernel, agent);
        destroy(agent, new DestroyKernel(kernel, ExitReason.FORCE_TERMINATED, Duration.ZERO));
    }

    private void destroy(KernelRecord kernel, ExitReason reason) {
        var agent = kernel.agent();
        if (agent != null) {
            var grace = reason == ExitReason.USER_REQUESTED || reason == ExitReason.IDLE_TIMEOUT
                    ? settings.grace()
                    : Duration.ZERO;
            destroy(agent, new DestroyKernel(kernel.id(), reason, grace));
        }
    }

    private void destroy(AgentId agent, DestroyKernel request) {
        try {
            calls.call(agent, AgentCalls.Kind.OTHER, connection -> {
                connection.destroy(request);
                return request;
            });
        } catch (AgentException e) {
            LOG.info("kernel={} on agent={} not told to end yet: {}", request.kernel(), agent, e.getMessage());
        }
    }
}
