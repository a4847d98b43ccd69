package io.slipway.manager.agents;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentEventSink;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.AgentReport;
import io.slipway.manager.api.KernelEvents;
import io.slipway.model.failure.SlipwayException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Takes what agents tell: signs of life for the directory, events for the sessions. A component apart from the directory,
 * because sessions need the directory and this needs sessions. Thread-safe.
 */
@Component
public final class AgentEventRelay implements AgentEventSink {

    private final AgentSigns signs;
    private final KernelEvents events;

    /** Used by the component runtime. */
    @Activate
    public AgentEventRelay(@Reference AgentSigns signs, @Reference KernelEvents events) {
        this.signs = signs;
        this.events = events;
    }

    @Override
    public void deliver(AgentEvent event) throws AgentException {
        signs.heard(event.agent());
        try {
            events.apply(event);
        } catch (SlipwayException e) {
            throw new AgentException(
                    Reason.UNREACHABLE, "event of kernel " + event.kernel() + " was not stored: " + e.getMessage(), e);
        }
    }

    @Override
    public void heartbeat(AgentReport report) throws AgentException {
        try {
            signs.heard(report);
        } catch (SlipwayException e) {
            throw new AgentException(
                    Reason.UNREACHABLE, "heartbeat of " + report.agent() + " was not stored: " + e.getMessage(), e);
        }
    }
}
