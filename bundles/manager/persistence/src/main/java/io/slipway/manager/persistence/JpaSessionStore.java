package io.slipway.manager.persistence;

import io.slipway.manager.persistence.RememberedSessions.Question;
import io.slipway.manager.persistence.row.HistoryRow;
import io.slipway.manager.persistence.row.KernelLogRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.Micros;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.Admission;
import io.slipway.manager.store.AdmissionRule;
import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.Page;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.agent.AgentId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps sessions and kernels in tables. */
@Component
public final class JpaSessionStore implements SessionStore {

    private static final int MOST_KERNELS = 10_000;

    /** Those that may not start yet could be very many, and hide the others. */
    private static final String NOT_HELD_BACK =
            " AND NOT EXISTS (SELECT s.id FROM SessionRow s WHERE s.id = k.sessionId" + " AND s.startsAt >= :since)";

    private final Transactions transactions;
    private final Writes writes;
    private final RememberedSessions remembered;
    private final LiveSessions live;

    /** Used by the component runtime. */
    @Activate
    public JpaSessionStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
        this.live = writes.live();
        this.remembered = new RememberedSessions(transactions, InstantSource.system());
    }

    @Override
    public Admission admit(NewSession session, AdmissionRule rule) {
        return writes.admit(session, rule);
    }

    @Override
    public TransitionResult apply(Transition transition) {
        return writes.apply(List.of(transition)).getFirst();
    }

    @Override
    public List<TransitionResult> applyAll(List<Transition> transitions) {
        return writes.apply(transitions);
    }

    @Override
    public Optional<SessionRecord> find(SessionId session) {
        return live.find(session.value())
                .or(() -> remembered.find(new Question.ById(session.value())).stream()
                        .findFirst());
    }

    @Override
    public Map<SessionId, SessionRecord> findAll(Collection<SessionId> sessions) {
        if (sessions.isEmpty()) {
            return Map.of();
        }
        var ids = sessions.stream().map(SessionId::value).distinct().toList();
        return live.findAll(ids).orElseGet(() -> read(ids)).stream()
                .collect(Collectors.toMap(SessionRecord::id, Function.identity()));
    }

    private List<SessionRecord> read(List<UUID> ids) {
        return transactions.read(entities -> {
            var reader = new SessionReader(entities);
            return reader.records(reader.rows(ids));
        });
    }

    @Override
    public Optional<SessionRecord> findByKernel(KernelId kernel) {
        return live.findByKernel(kernel.value()).or(() -> readByKernel(kernel));
    }

    private Optional<SessionRecord> readByKernel(KernelId kernel) {
        return transactions
                .readOnce(entities -> SingleSession.read(
                        entities,
                        "s.id = (SELECT o.sessionId FROM KernelRow o WHERE o.id = :kernel)",
                        query -> query.setParameter("kernel", kernel.value())))
                .stream()
                .findFirst();
    }

    @Override
    public List<SessionRecord> findByName(AccessKey owner, String name, boolean onlyLive) {
        var stored = SessionRow.storedName(name);
        if (onlyLive) {
            return live.findLive(owner.value(), stored)
                    .map(List::of)
                    .orElseGet(() -> remembered.find(new Question.ByLiveName(owner.value(), stored)));
        }
        return transactions.readOnce(entities -> SingleSession.read(
                entities,
                "s.owner = :owner AND s.name = :name ORDER BY s.createdAt DESC, s.id DESC",
                query -> query.setParameter("owner", owner.value()).setParameter("name", stored)));
    }

    @Override
    public Page<SessionRecord> list(SessionQuery query) {
        return transactions.read(entities -> new SessionListing(entities, query).page());
    }

    @Override
    public List<KernelRecord> kernelsIn(Set<KernelStatus> states, Instant since, int limit) {
        if (limit < 1 || limit > MOST_KERNELS) {
            throw new IllegalArgumentException("limit " + limit + " (1 to " + MOST_KERNELS + ")");
        }
        var live = states.stream().filter(state -> !state.isTerminal()).toList();
        if (live.isEmpty()) {
            return List.of();
        }
        return transactions.read(entities -> new SessionReader(entities)
                .kernelRecords(entities.createQuery(
                                "SELECT k FROM KernelRow k WHERE k.status IN :states AND k.statusChangedAt < :since"
                                        + (live.contains(KernelStatus.PENDING) ? NOT_HELD_BACK : "")
                                        + " ORDER BY k.statusChangedAt",
                                KernelRow.class)
                        .setParameter("states", Keys.padded(live))
                        .setParameter("since", Micros.of(since))
                        .setMaxResults(limit)
                        .getResultList()));
    }

    @Override
    public List<KernelRecord> kernelsOn(AgentId agent) {
        return transactions.read(entities -> new SessionReader(entities)
                .kernelRecords(entities.createQuery(
                                "SELECT k FROM KernelRow k WHERE k.liveAgent = :agent ORDER BY k.id", KernelRow.class)
                        .setParameter("agent", agent.value())
                        .getResultList()));
    }

    @Override
    public boolean rename(SessionId session, String name, Instant at) {
        return writes.write(Set.of(session.value()), entities -> {
            var rows = new SessionReader(entities).lockRows(List.of(session.value()));
            if (rows.isEmpty() || rows.getFirst().status() != SessionStatus.RUNNING) {
                return false;
            }
            var row = rows.getFirst();
            var stored = SessionRow.storedName(name);
            List<?> holders = entities.createQuery(
                            "SELECT s.id FROM SessionRow s WHERE s.owner = :owner AND s.liveName = :name")
                    .setParameter("owner", row.owner())
                    .setParameter("name", stored)
                    .getResultList();
            var isTaken = holders.stream().anyMatch(id -> !id.equals(session.value()));
            if (!isTaken) {
                row.rename(stored);
            }
            return !isTaken;
        });
    }

    @Override
    public void touch(Map<SessionId, Long> numQueries, Map<SessionId, String> statusInfo) {
        var ids = new HashSet<>(numQueries.keySet());
        ids.addAll(statusInfo.keySet());
        if (ids.isEmpty()) {
            return;
        }
        var keys = ids.stream().map(SessionId::value).collect(Collectors.toSet());
        writes.write(keys, entities -> {
            var rows = new SessionReader(entities).lockRows(keys);
            for (var row : rows) {
                var id = new SessionId(row.id());
                row.addQueries(numQueries.getOrDefault(id, 0L));
                var info = statusInfo.get(id);
                if (info != null && !row.status().isTerminal()) {
                    row.explain(info);
                }
            }
            return rows.size();
        });
    }

    @Override
    public String kernelLogs(KernelId kernel) {
        return transactions.read(entities -> {
            var row = entities.find(KernelLogRow.class, kernel.value());
            return row == null ? "" : row.tail();
        });
    }

    @Override
    public List<HistoryEntry> history(SessionId session) {
        return transactions.read(entities -> entities.createQuery(
                        "SELECT h FROM HistoryRow h WHERE h.sessionId = :session ORDER BY h.id", HistoryRow.class)
                .setParameter("session", session.value())
                .getResultStream()
                .map(HistoryRow::toEntry)
                .toList());
    }

    @Override
    public Map<SessionId, List<HistoryEntry>> histories(Collection<SessionId> sessions) {
        if (sessions.isEmpty()) {
            return Map.of();
        }
        var ids = sessions.stream().map(SessionId::value).distinct().toList();
        return transactions.read(entities -> entities.createQuery(
                        "SELECT h FROM HistoryRow h WHERE h.sessionId IN :sessions AND h.kernelId IS NULL ORDER BY h.id",
                        HistoryRow.class)
                .setParameter("sessions", ids)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        HistoryRow::session, Collectors.mapping(HistoryRow::toEntry, Collectors.toList()))));
    }
}
