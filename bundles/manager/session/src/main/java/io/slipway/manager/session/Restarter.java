package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.RestartKernel;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionStatus;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells agents to start kernels anew. A call may be repeated: the moment when the kernel became RESTARTING numbers the
 * wish. What an agent does not take ends the session; what gets lost is repeated by the sweep until its deadline.
 */
final class Restarter {

    private static final Logger LOG = LoggerFactory.getLogger(Restarter.class);

    private final SessionStore store;
    private final AgentCalls calls;
    private final KernelCreation creation;
    private final Setbacks setbacks;
    private final Settings settings;

    Restarter(SessionStore store, AgentCalls calls, KernelCreation creation, Setbacks setbacks, Settings settings) {
        this.store = store;
        this.calls = calls;
        this.creation = creation;
        this.setbacks = setbacks;
        this.settings = settings;
    }

    /** Tells every agent that has a kernel of a session to be started anew. */
    void restart(SessionRecord session) {
        session.kernels().stream()
                .filter(kernel -> kernel.status() == KernelStatus.RESTARTING)
                .forEach(kernel -> restart(session, kernel));
    }

    private void restart(SessionRecord session, KernelRecord kernel) {
        var agent = Objects.requireNonNull(kernel.agent(), "placed kernel without agent");
        var request = new RestartKernel(
                creation.request(session, kernel), kernel.statusChangedAt().toEpochMilli(), settings.grace());
        try {
            calls.call(agent, AgentCalls.Kind.CREATE, connection -> {
                connection.restart(request);
                return request;
            });
        } catch (AgentException e) {
            failed(session, new Launcher.Failure(kernel, e));
        }
    }

    private void failed(SessionRecord session, Launcher.Failure failure) {
        switch (failure.cause().reason()) {
            case INVALID_INPUT, FAILED, NO_CAPACITY -> {
                if (store.find(session.id())
                        .filter(now -> now.status() == SessionStatus.RESTARTING)
                        .isPresent()) {
                    setbacks.end(session, new EndReason(ExitReason.FAILED_TO_START, "restart: " + failure.text()));
                }
            }
            // repeated by the sweep; a kernel that is gone is found out by the comparison with its agent
            case TIMEOUT, UNREACHABLE, UNKNOWN_KERNEL ->
                LOG.info("session={} not told to restart yet: {}", session.id(), failure.text());
        }
    }
}
