package io.slipway.manager.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentReport;
import io.slipway.agent.api.KernelReport;
import io.slipway.manager.api.KernelEvents;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentEventRelayTest {

    private final List<AgentEvent> applied = new ArrayList<>();
    private final List<AgentId> heard = new ArrayList<>();
    private boolean isAway;

    private final AgentEventRelay relay = new AgentEventRelay(
            new AgentSigns() {
                @Override
                public void heard(AgentReport report) {
                    heard.add(report.agent());
                }

                @Override
                public void heard(AgentId agent) {
                    heard.add(agent);
                }
            },
            new KernelEvents() {
                @Override
                public void apply(AgentEvent event) {
                    if (isAway) {
                        throw new SlipwayException(FailureCode.UNAVAILABLE, "the database is away");
                    }
                    applied.add(event);
                }

                @Override
                public List<KernelReport> reconcile(AgentId agent, List<KernelReport> kernels, Instant askedAt) {
                    return List.of();
                }
            });

    private final AgentEvent event =
            new AgentEvent.KernelPulling(new AgentId("node-a"), new KernelId(UUID.randomUUID()));

    @Test
    void appliesEventsAndTakesThemAsSignOfLife() throws AgentException {
        relay.deliver(event);
        assertEquals(List.of(event), applied);
        assertEquals(List.of(new AgentId("node-a")), heard);
    }

    @Test
    void letsAgentKeepEventsThatCouldNotBeStored() {
        isAway = true;
        var failure = assertThrows(AgentException.class, () -> relay.deliver(event));
        assertEquals(AgentException.Reason.UNREACHABLE, failure.reason());
    }
}
