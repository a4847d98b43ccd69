package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.kernel.KernelTransitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Applies transitions: the guard between what is asked for and the tables. Stateless. */
final class TransitionWriter {

    private final TimeOrderedIds ids;

    TransitionWriter(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /** Applies transitions one after the other, each whole or not at all, and sets the outcomes. */
    void apply(Connection connection, LockedSessions sessions, List<Write.Apply> writes, EventLog log)
            throws SQLException {
        var units = sessions.lock(writes.stream()
                .flatMap(write -> write.transitions.stream())
                .map(transition -> transition.session().value())
                .toList());
        var names = sessions.names(units.values());
        var changes = new Changes(log, ids);
        for (var write : writes) {
            var results = new ArrayList<TransitionResult>(write.transitions.size());
            write.transitions.forEach(transition -> results.add(apply(transition, units, names, changes)));
            write.outcome(results);
        }
        changes.write(connection);
    }

    private static TransitionResult apply(
            Transition transition, Map<UUID, SessionUnit> units, Names names, Changes changes) {
        var unit = units.get(transition.session().value());
        if (unit == null
                || transition.moves().stream()
                        .anyMatch(move -> unit.kernel(move.kernel()).isEmpty())) {
            return new TransitionResult.Unknown();
        }
        var named = new HashSet<KernelId>();
        for (var move : transition.moves()) {
            if (!named.add(move.kernel())) {
                return new TransitionResult.Refused(
                        unit.toRecord(names), "kernel " + move.kernel() + " is to move twice at once");
            }
            var refusal = unit.kernel(move.kernel()).flatMap(kernel -> refusal(kernel, move));
            if (refusal.isPresent()) {
                return new TransitionResult.Refused(unit.toRecord(names), refusal.get());
            }
        }
        var before = unit.session().status();
        transition
                .moves()
                .forEach(move ->
                        unit.kernel(move.kernel()).ifPresent(kernel -> move(unit, kernel, move, transition, changes)));
        changes.promote(unit, transition.reason(), transition.at());
        return new TransitionResult.Applied(before, unit.toRecord(names));
    }

    private static Optional<String> refusal(KernelRow kernel, KernelMove move) {
        var now = kernel.status();
        if (!move.expected().contains(now)) {
            return Optional.of("kernel " + kernel.id() + " is " + now + ", not " + new TreeSet<>(move.expected()));
        }
        if (move.to() == KernelStatus.SCHEDULED) {
            return Optional.of("kernel " + kernel.id() + " is " + now + "; only a placement makes it SCHEDULED");
        }
        if (!KernelTransitions.allows(now, move.to())) {
            return Optional.of("kernel " + kernel.id() + " cannot go from " + now + " to " + move.to());
        }
        return Optional.empty();
    }

    private static void move(
            SessionUnit unit, KernelRow kernel, KernelMove move, Transition transition, Changes changes) {
        changes.move(unit, kernel, move.to(), transition.reason(), transition.at());
        var started = move.started();
        if (started != null) {
            kernel.started(started);
            if (move.to().holdsSlots()) {
                changes.hold(unit, kernel, started.allocations(), transition.at());
            }
        }
        var ended = move.ended();
        if (ended != null) {
            kernel.ended(ended.exit());
            changes.keepLog(kernel, ended.logs());
        }
    }
}
