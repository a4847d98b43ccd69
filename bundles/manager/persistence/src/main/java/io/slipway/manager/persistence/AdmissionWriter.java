package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.Admission;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.SessionRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Admits sessions: several in one transaction, one after the other, each seeing those before it. Stateless. */
final class AdmissionWriter {

    private static final String REASON = "accepted";

    private final TimeOrderedIds ids;

    AdmissionWriter(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /**
     * Decides on wishes, in order, and sets their outcomes.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND if keypair, user, project or domain of one do not exist
     */
    void admit(Connection connection, LockedSessions known, List<Write.Admit> wishes, EventLog log)
            throws SQLException {
        var sessions = wishes.stream().map(wish -> wish.session).toList();
        var policies = PolicyRows.lock(connection, sessions);
        var uses = new PolicyUses(connection);
        var taken = liveNames(known, sessions);
        var changes = new Changes(log, ids);
        for (var wish : wishes) {
            var session = wish.session;
            var holder = taken.get(LiveName.of(session));
            if (holder != null) {
                wish.outcome(new Admission.NameTaken(holder));
                continue;
            }
            var snapshot = uses.snapshot(session, policies);
            var refusal = wish.rule.refusal(snapshot);
            if (refusal.isPresent()) {
                wish.outcome(new Admission.Refused(refusal.get()));
                continue;
            }
            var unit = unit(session);
            changes.add(unit, REASON, session.createdAt());
            known.add(unit);
            var admitted = new Admission.Admitted(unit.toRecord(policies.names()));
            uses.add(session);
            taken.put(LiveName.of(session), admitted.session());
            wish.outcome(admitted);
        }
        changes.write(connection);
    }

    private static SessionUnit unit(NewSession session) {
        var kernels = new ArrayList<KernelRow>();
        for (var kernel : session.kernels()) {
            kernels.add(new KernelRow(session.id(), kernels.size(), kernel, session.createdAt()));
        }
        return new SessionUnit(new SessionRow(session), kernels, new HashMap<>());
    }

    /** Finds live sessions of the wanted names; nobody else can add one while the keypairs are locked. */
    private static Map<LiveName, SessionRecord> liveNames(LockedSessions reader, List<NewSession> sessions)
            throws SQLException {
        var units = reader.live(sessions.stream().map(LiveName::of).collect(Collectors.toSet()));
        var names = reader.names(units);
        var found = new HashMap<LiveName, SessionRecord>();
        for (var unit : units) {
            var record = unit.toRecord(names);
            found.put(LiveName.of(record), record);
        }
        return found;
    }
}
