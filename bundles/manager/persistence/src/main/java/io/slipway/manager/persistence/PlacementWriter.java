package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.ResourceGroupRow;
import io.slipway.manager.store.Placement;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores what a scheduler decided, unless another one has taken over since. Stateless. */
final class PlacementWriter {

    private static final String REASON = "scheduled";

    private final TimeOrderedIds ids;

    PlacementWriter(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /** Stores placements and sets the outcome: the sessions that were placed. */
    void commit(EntityManager entities, Write.Place write, EventLog log) {
        var group = entities.find(ResourceGroupRow.class, write.resourceGroup, LockModeType.PESSIMISTIC_WRITE);
        if (group == null || !group.accepts(write.token)) {
            write.outcome(Set.of());
        } else {
            write.outcome(placeAll(entities, write, log));
        }
    }

    private Set<SessionId> placeAll(EntityManager entities, Write.Place write, EventLog log) {
        var placements = write.placements;
        var agents = knownAgents(entities, write.resourceGroup, placements);
        var units = new SessionReader(entities)
                .lock(placements.stream()
                        .map(placement -> placement.session().value())
                        .toList());
        var changes = new Changes(entities, log, ids);
        var placed = new LinkedHashSet<SessionId>();
        for (var placement : placements) {
            var unit = units.get(placement.session().value());
            if (unit != null && fits(placement, unit, write.resourceGroup, agents)) {
                place(placement, unit, changes, write.at);
                placed.add(placement.session());
            }
        }
        changes.write();
        return placed;
    }

    private static Set<String> knownAgents(EntityManager entities, String resourceGroup, List<Placement> placements) {
        var wanted = placements.stream()
                .flatMap(placement -> placement.kernels().stream())
                .map(kernel -> kernel.agent().value())
                .collect(Collectors.toSet());
        var known = new HashSet<String>();
        for (var part : Keys.parts(wanted)) {
            known.addAll(entities.createQuery(
                            "SELECT a.id FROM AgentRow a WHERE a.id IN :ids AND a.resourceGroup = :group", String.class)
                    .setParameter("ids", Keys.padded(part))
                    .setParameter("group", resourceGroup)
                    .getResultList());
        }
        return known;
    }

    /** Whether the session still waits in this group and each of its waiting kernels is named once, on a known agent. */
    private static boolean fits(
            Placement placement, @Nullable SessionUnit unit, String resourceGroup, Set<String> agents) {
        if (unit == null
                || unit.session().status() != SessionStatus.PENDING
                || !unit.session().resourceGroup().equals(resourceGroup)) {
            return false;
        }
        var waiting = unit.kernels().stream()
                .filter(kernel -> kernel.status() == KernelStatus.PENDING)
                .map(kernel -> kernel.id())
                .collect(Collectors.toCollection(HashSet::new));
        var allFit = placement.kernels().stream()
                .allMatch(kernel -> agents.contains(kernel.agent().value())
                        && waiting.remove(kernel.kernel().value()));
        return allFit && waiting.isEmpty();
    }

    private static void place(Placement placement, SessionUnit unit, Changes changes, Instant at) {
        for (var wanted : placement.kernels()) {
            unit.kernel(wanted.kernel()).ifPresent(kernel -> {
                kernel.placeOn(wanted.agent());
                changes.move(unit, kernel, KernelStatus.SCHEDULED, REASON, at);
                changes.hold(unit, kernel, wanted.allocations(), at);
            });
        }
        changes.promote(unit, REASON, at);
    }
}
