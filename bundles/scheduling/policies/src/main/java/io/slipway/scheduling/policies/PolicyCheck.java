package io.slipway.scheduling.policies;

import io.slipway.model.agent.AgentId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Whether a policy decides samples as it says it does. A wrong one would be noticed by nobody: sessions would start all the
 * same.
 */
final class PolicyCheck {

    private static final String BUSY = "busy";
    private static final String IDLE = "idle";

    private PolicyCheck() {}

    /**
     * Returns what is wrong with an order.
     *
     * @param first which of three comes first when all are of one priority: {@code old} of an owner who holds much, {@code
     *     middle} of one who holds nothing, {@code young} of the first owner
     */
    static List<String> order(SequencingPolicy policy, String first) {
        var all = List.of(waiting("old", BUSY, 0, 1), waiting("middle", IDLE, 0, 2), waiting("young", BUSY, 0, 3));
        var order = policy.order(new Usage(cores(4), Map.of(BUSY, cores(3))));
        var found = all.stream().min(order).map(PendingSession::project).orElse("");
        if (!found.equals(first)) {
            return List.of("of three sessions the " + found + " one comes first, not the " + first + " one");
        }
        var urgent = waiting("urgent", BUSY, 1, 2);
        return all.stream().allMatch(other -> order.compare(urgent, other) < 0 && order.compare(other, urgent) > 0)
                ? List.of()
                : List.of("a session of a higher priority does not come first");
    }

    /**
     * Returns what is wrong with a choice.
     *
     * @param wanted which of two agents, {@code busy} or {@code idle}
     */
    static List<String> choice(AgentSelector selector, String wanted) {
        var agents = List.of(agent(BUSY, 1), agent(IDLE, 4));
        var found = selector.select(cores(1), agents).map(AgentId::value).orElse("none");
        return found.equals(wanted)
                ? List.of()
                : List.of("of a busy and an idle agent it chooses " + found + ", not the " + wanted + " one");
    }

    private static PendingSession waiting(String name, String owner, int priority, int second) {
        var id = new SessionId(new UUID(0, second));
        return new PendingSession(id, owner, name, priority, Instant.ofEpochSecond(second), cores(1));
    }

    private static AgentCandidate agent(String name, int free) {
        return new AgentCandidate(new AgentId(name), cores(4), cores(free), 4 - free);
    }

    private static SlotAmounts cores(int amount) {
        return SlotAmounts.of(SlotName.CPU, BigDecimal.valueOf(amount));
    }
}
