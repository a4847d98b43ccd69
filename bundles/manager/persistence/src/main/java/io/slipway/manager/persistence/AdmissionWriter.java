package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.Move;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.Admission;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionStatus;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Admits sessions: several in one transaction, one after the other, each seeing those before it. Stateless. */
final class AdmissionWriter {

    private static final String REASON = "accepted";

    /**
     * Decides on wishes, in order, and sets their outcomes.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND if keypair, user, project or domain of one do not exist
     */
    void admit(EntityManager entities, List<Write.Admit> wishes, EventLog log) {
        var sessions = wishes.stream().map(wish -> wish.session).toList();
        var policies = PolicyRows.lock(entities, sessions);
        var uses = new PolicyUses(entities);
        var taken = liveNames(entities, sessions);
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
            var admitted = new Admission.Admitted(store(entities, session, log).toRecord(policies.names()));
            uses.add(session);
            taken.put(LiveName.of(session), admitted.session());
            wish.outcome(admitted);
        }
    }

    private static SessionUnit store(EntityManager entities, NewSession session, EventLog log) {
        var row = new SessionRow(session);
        entities.persist(row);
        log.add(created(row, null, SessionStatus.PENDING.name(), session));
        var kernels = new ArrayList<KernelRow>();
        for (var kernel : session.kernels()) {
            var kernelRow = new KernelRow(session.id(), kernels.size(), kernel, session.createdAt());
            kernels.add(kernelRow);
            entities.persist(kernelRow);
            Changes.reserve(entities, row, kernelRow);
            log.add(created(row, kernelRow.id(), KernelStatus.PENDING.name(), session));
        }
        return new SessionUnit(row, kernels, new HashMap<>());
    }

    private static Move created(SessionRow row, @Nullable UUID kernel, String to, NewSession session) {
        return new Move(row.id(), kernel, row.resourceGroup(), "", to, REASON, session.createdAt());
    }

    /** Finds live sessions of the wanted names; nobody else can add one while the keypairs are locked. */
    private static Map<LiveName, SessionRecord> liveNames(EntityManager entities, List<NewSession> sessions) {
        var found = new HashMap<LiveName, SessionRecord>();
        for (var part : Keys.parts(sessions)) {
            var rows = entities.createQuery(
                            "SELECT s FROM SessionRow s WHERE s.owner IN :owners AND s.liveName IN :names",
                            SessionRow.class)
                    .setParameter("owners", padded(part, LiveName::owner))
                    .setParameter("names", padded(part, LiveName::name))
                    .getResultList();
            new SessionReader(entities)
                    .records(rows)
                    .forEach(record -> found.put(new LiveName(record.owner().value(), record.name()), record));
        }
        return found;
    }

    private static List<String> padded(List<NewSession> sessions, Function<LiveName, String> part) {
        return Keys.padded(sessions.stream().map(LiveName::of).map(part).toList());
    }

    private record LiveName(String owner, String name) {

        static LiveName of(NewSession session) {
            return new LiveName(session.owner().value(), SessionRow.storedName(session.name()));
        }
    }
}
