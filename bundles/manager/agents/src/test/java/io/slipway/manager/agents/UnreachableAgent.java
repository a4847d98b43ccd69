package io.slipway.manager.agents;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentReport;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.List;

/** An agent that answers nothing. */
final class UnreachableAgent implements Agent {

    private static AgentException unreachable() {
        return new AgentException(AgentException.Reason.UNREACHABLE, "nobody is there");
    }

    @Override
    public AgentReport report() {
        throw new IllegalStateException("nobody is there");
    }

    @Override
    public void prepare(PrepareKernel request) throws AgentException {
        throw unreachable();
    }

    @Override
    public void create(CreateKernel request) throws AgentException {
        throw unreachable();
    }

    @Override
    public void destroy(DestroyKernel request) throws AgentException {
        throw unreachable();
    }

    @Override
    public List<KernelReport> kernels() throws AgentException {
        throw unreachable();
    }

    @Override
    public ExecuteReply execute(ExecuteCall call) throws AgentException {
        throw unreachable();
    }

    @Override
    public void interrupt(KernelId kernel) throws AgentException {
        throw unreachable();
    }

    @Override
    public List<String> complete(CompleteCall call) throws AgentException {
        throw unreachable();
    }

    @Override
    public String logs(KernelId kernel, int maxBytes, Duration limit) throws AgentException {
        throw unreachable();
    }
}
