package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads sessions with all that belongs to them, in a fixed number of queries however many they are. */
final class SessionReader {

    private static final String BY_ID = "SELECT s FROM SessionRow s WHERE s.id IN :ids ORDER BY s.id";
    private static final String NAMES = "SELECT DISTINCT u.id, u.email, p.id, p.name FROM SessionRow s"
            + " LEFT JOIN UserRow u ON u.id = s.userId LEFT JOIN ProjectRow p ON p.id = s.projectId WHERE s.id IN :ids";

    private final EntityManager entities;

    /** @param entities of the transaction that the reader belongs to */
    SessionReader(EntityManager entities) {
        this.entities = entities;
    }

    /** Locks sessions in the order of their ids and returns those that exist. */
    List<SessionRow> lockRows(Collection<UUID> ids) {
        return inParts(
                ids.stream().distinct().sorted().toList(),
                part -> entities.createQuery(BY_ID, SessionRow.class)
                        .setParameter("ids", Keys.padded(part))
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList());
    }

    /** Returns sessions by id, unlocked. */
    List<SessionRow> rows(Collection<UUID> ids) {
        return inParts(
                ids,
                part -> entities.createQuery(BY_ID, SessionRow.class)
                        .setParameter("ids", Keys.padded(part))
                        .getResultList());
    }

    /** Returns the values of sessions, in the order given. */
    List<SessionRecord> records(List<SessionRow> sessions) {
        var units = units(sessions);
        var names = names(sessions);
        return units.stream().map(unit -> unit.toRecord(names)).toList();
    }

    /** Returns the values of kernels, in the order given. */
    List<KernelRecord> kernelRecords(List<KernelRow> kernels) {
        var held = held(kernels);
        return kernels.stream()
                .map(kernel -> kernel.toRecord(SessionUnit.sum(held.getOrDefault(kernel.id(), List.of()))))
                .toList();
    }

    /** Returns what is to be shown for the users and projects of sessions, in one query. */
    Names names(Collection<SessionRow> sessions) {
        var emails = new HashMap<UUID, String>();
        var projects = new HashMap<UUID, String>();
        inParts(
                        sessions.stream().map(SessionRow::id).toList(),
                        part -> entities.createQuery(NAMES, Object[].class)
                                .setParameter("ids", Keys.padded(part))
                                .getResultList())
                .forEach(row -> {
                    putText(emails, row[0], row[1]);
                    putText(projects, row[2], row[3]);
                });
        return new Names(emails, projects);
    }

    private static void putText(Map<UUID, String> texts, @Nullable Object id, @Nullable Object text) {
        if (id != null && text != null) {
            texts.put((UUID) id, (String) text);
        }
    }

    private List<SessionUnit> units(List<SessionRow> sessions) {
        var ids = sessions.stream().map(SessionRow::id).toList();
        var kernels = inParts(
                ids,
                part -> entities.createQuery("SELECT k FROM KernelRow k WHERE k.sessionId IN :ids", KernelRow.class)
                        .setParameter("ids", Keys.padded(part))
                        .getResultList());
        var bySession = new HashMap<UUID, List<KernelRow>>();
        kernels.stream()
                .sorted(Comparator.comparingInt(KernelRow::place))
                .forEach(kernel -> bySession
                        .computeIfAbsent(kernel.sessionId(), id -> new ArrayList<>())
                        .add(kernel));
        var held = held(kernels);
        return sessions.stream()
                .map(session -> new SessionUnit(session, bySession.getOrDefault(session.id(), List.of()), held))
                .toList();
    }

    private Map<UUID, List<AllocationRow>> held(List<KernelRow> kernels) {
        var holding = kernels.stream()
                .filter(kernel -> kernel.status().holdsSlots())
                .map(KernelRow::id)
                .toList();
        var rows = inParts(
                holding,
                part -> entities.createQuery(
                                "SELECT a FROM AllocationRow a WHERE a.kernelId IN :ids AND a.freedAt IS NULL",
                                AllocationRow.class)
                        .setParameter("ids", Keys.padded(part))
                        .getResultList());
        var held = new HashMap<UUID, List<AllocationRow>>();
        rows.forEach(row ->
                held.computeIfAbsent(row.kernelId(), id -> new ArrayList<>()).add(row));
        return held;
    }

    private static <T> List<T> inParts(Collection<UUID> ids, Function<List<UUID>, List<T>> query) {
        var all = new ArrayList<T>();
        Keys.parts(ids).forEach(part -> all.addAll(query.apply(part)));
        return all;
    }
}
