package io.slipway.manager.shell;

import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.Occupancy;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.model.slot.SlotAmounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Lists agents with what they have and how far they can enforce it. */
@Service
@Command(scope = "slipway", name = "agent-list", description = "Lists agents with slots and runtimes")
public final class AgentListCommand extends OperatorAction {

    private static final List<String> COLUMNS =
            List.of("id", "status", "group", "occupied", "available", "runtimes", "version");

    @Reference
    AgentDirectory agents;

    @Reference
    SchedulingStore scheduling;

    @Override
    protected void run(Printer printer) {
        var all = agents.agents();
        var occupied = all.stream()
                .map(agent -> agent.record().resourceGroup())
                .distinct()
                .flatMap(group -> scheduling.occupancy(group).stream())
                .collect(Collectors.groupingBy(
                        Occupancy::agent,
                        Collectors.reducing(
                                SlotAmounts.NONE,
                                row -> SlotAmounts.of(
                                        row.allocation().slot(),
                                        row.allocation().amount()),
                                SlotAmounts::plus)));
        var rows = all.stream()
                .map(agent -> row(agent, occupied.getOrDefault(agent.record().id(), SlotAmounts.NONE)))
                .toList();
        printer.rows(COLUMNS, rows, "No agent has been heard of");
    }

    private static Map<String, String> row(AgentView agent, SlotAmounts occupied) {
        var record = agent.record();
        var row = new LinkedHashMap<String, String>();
        row.put("id", record.id().value());
        row.put("status", record.status().name());
        row.put("group", record.resourceGroup());
        row.put("occupied", amounts(occupied));
        row.put("available", amounts(record.availableSlots()));
        row.put(
                "runtimes",
                record.runtimes().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(runtime -> runtime.getKey() + " (" + runtime.getValue() + ")")
                        .collect(Collectors.joining(", ")));
        row.put("version", record.version());
        return row;
    }

    private static String amounts(SlotAmounts amounts) {
        return amounts.amounts().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().toPlainString())
                .collect(Collectors.joining(" "));
    }
}
