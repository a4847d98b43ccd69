package ${package};

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Chooses the agent with the fewest kernels, but keeps plain work off agents with rare devices. */
@Component(service = AgentSelector.class, property = "slipway.plugin.id=${pluginId}")
public final class FewestKernels implements AgentSelector, SelfCheck {

    @Override
    public Optional<AgentId> select(SlotAmounts request, List<AgentCandidate> candidates) {
        var kinds = Comparator.<AgentCandidate>comparingInt(candidate -> unneededKinds(request, candidate));
        return candidates.stream()
                .min(kinds.thenComparingInt(AgentCandidate::kernels)
                        .thenComparing(candidate -> candidate.agent().value()))
                .map(AgentCandidate::agent);
    }

    /** A wrong choice would be noticed by nobody: sessions would start all the same. */
    @Override
    public List<String> selfCheck() {
        var idle = new AgentCandidate(new AgentId("idle"), SlotAmounts.NONE, SlotAmounts.NONE, 0);
        var busy = new AgentCandidate(new AgentId("busy"), SlotAmounts.NONE, SlotAmounts.NONE, 1);
        var chosen = select(SlotAmounts.NONE, List.of(busy, idle)).map(AgentId::value).orElse("no agent");
        return chosen.equals("idle") ? List.of() : List.of(chosen + " was chosen instead of the one without kernels");
    }

    private static int unneededKinds(SlotAmounts request, AgentCandidate candidate) {
        var unneeded = new HashSet<>(candidate.capacity().amounts().keySet());
        unneeded.removeAll(request.amounts().keySet());
        return unneeded.size();
    }
}
