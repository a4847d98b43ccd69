package io.slipway.manager.graphql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.ConditionCheck;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentFieldsTest {

    private static final List<AgentView> AGENTS = List.of(
            agent("i-one", AgentStatus.ALIVE, true, 3),
            agent("i-two", AgentStatus.ALIVE, false, 1),
            agent("x-three", AgentStatus.LOST, true, 2));

    private static AgentView agent(String id, AgentStatus status, boolean isSchedulable, int second) {
        var record = new AgentRecord(
                new AgentId(id),
                status,
                "default",
                isSchedulable,
                "local",
                "0.1.0",
                "x86_64",
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Instant.EPOCH.plusSeconds(second),
                status == AgentStatus.LOST ? Instant.EPOCH.plusSeconds(100) : null);
        return new AgentView(record, Map.of(), List.of());
    }

    private static List<String> matching(String filter) {
        var condition = FilterParser.parse(filter, AgentFields.ALL).orElseThrow();
        return AGENTS.stream()
                .filter(agent -> ConditionCheck.holds(condition, field -> field.of(agent)))
                .map(agent -> agent.record().id().toString())
                .toList();
    }

    @Test
    void filtersAgents() {
        assertEquals(List.of("i-one"), matching("status == \"ALIVE\" & schedulable is true & id like \"i-%\""));
        assertEquals(List.of("i-two"), matching("!schedulable == true"));
        assertEquals(List.of("x-three"), matching("scaling_group == \"default\" & status in [\"lost\"]"));
        assertEquals(List.of("i-one", "x-three"), matching("first_contact >= \"1970-01-01T00:00:02Z\""));
        assertEquals(List.of(), matching("architecture contains \"aarch\""));
        assertEquals(List.of("x-three"), matching("lost_at isnot null"));
    }

    @Test
    void ordersAgents() {
        assertEquals(List.of("i-one", "i-two", "x-three"), ordered("status,-first_contact"));
        assertEquals(List.of("x-three", "i-two", "i-one"), ordered("lost_at,-id"));
    }

    private static List<String> ordered(String text) {
        var order =
                OrderParser.<AgentFields, Comparator<AgentView>>parse(text, AgentFields.ALL, AgentFields::order)
                        .stream()
                        .reduce(Comparator::thenComparing)
                        .orElseThrow();
        return AGENTS.stream()
                .sorted(order)
                .map(agent -> agent.record().id().toString())
                .toList();
    }
}
