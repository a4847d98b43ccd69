package io.slipway.manager.persistence;

import io.slipway.manager.store.Admission;
import io.slipway.manager.store.AdmissionRule;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.session.SessionId;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All that changes something. Writers at the same time share commits: in H2, where a commit rewrites the pages of every index
 * that was touched, all of them; in PostgreSQL, which commits in parallel by itself, admissions with admissions and transitions
 * with transitions, so that two managers take their locks in the same order. Thread-safe.
 */
final class Writes {

    private static final int MOST_AT_ONCE = 500;

    private final Transactions transactions;
    private final Dialect dialect;
    private final AdmissionWriter admissions;
    private final TransitionWriter transitions;
    private final PlacementWriter placements;
    private final Consumer<Write<?>> admitting;
    private final Consumer<Write<?>> applying;
    private final Consumer<Write<?>> others;
    private final LiveSessions live;
    private final List<Consumer<List<SessionEvent>>> listeners = new CopyOnWriteArrayList<>();

    Writes(Transactions transactions, Dialect dialect, TimeOrderedIds ids) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.admissions = new AdmissionWriter(ids);
        this.transitions = new TransitionWriter(ids);
        this.placements = new PlacementWriter(ids);
        this.live = sharesAll(dialect) ? LiveSessions.of(transactions.count()) : LiveSessions.none();
        var queue = newQueue();
        this.admitting = queue::submit;
        this.applying = sharesAll(dialect) ? queue::submit : newQueue()::submit;
        this.others = sharesAll(dialect) ? queue::submit : write -> runTogether(List.of(write));
    }

    private static boolean sharesAll(Dialect dialect) {
        return switch (dialect) {
            case H2 -> true;
            case POSTGRESQL -> false;
        };
    }

    Admission admit(NewSession session, AdmissionRule rule) {
        return run(admitting, new Write.Admit(session, rule));
    }

    List<TransitionResult> apply(List<Transition> wanted) {
        checkSize(wanted);
        return wanted.isEmpty() ? List.of() : run(applying, new Write.Apply(wanted));
    }

    Set<SessionId> commit(String resourceGroup, long token, List<Placement> wanted, Instant at) {
        checkSize(wanted);
        return run(others, new Write.Place(resourceGroup, token, wanted, at));
    }

    /** Runs any other work that changes something; failures as {@link Transactions#write}. */
    <R> R write(Function<EntityManager, R> work) {
        return run(others, new Write.Other<>(null, work));
    }

    /**
     * Runs work that changes no names of users or projects and no other sessions than these; failures as
     * {@link Transactions#write}.
     */
    <R> R write(Set<UUID> sessions, Function<EntityManager, R> work) {
        return run(others, new Write.Other<>(sessions, work));
    }

    /** Returns the sessions that are known without asking the database. */
    LiveSessions live() {
        return live;
    }

    private static <R> R run(Consumer<Write<?>> way, Write<R> write) {
        way.accept(write);
        return write.outcome();
    }

    private static void checkSize(List<?> wanted) {
        if (wanted.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException(wanted.size() + " at once, at most " + MOST_AT_ONCE);
        }
    }

    private WriteQueue<Write<?>> newQueue() {
        return new WriteQueue<>(MOST_AT_ONCE, Write::weight, this::runTogether);
    }

    /** Returns whether no two transactions run at once. */
    boolean areOneByOne() {
        return sharesAll(dialect);
    }

    /**
     * Lets somebody have events right after their commit; returns what ends it. Empty where commits are made side by side, so
     * that the order in which they are told of would not be theirs.
     */
    Optional<Runnable> onStored(Consumer<List<SessionEvent>> listener) {
        if (!areOneByOne()) {
            return Optional.empty();
        }
        listeners.add(listener);
        return Optional.of(() -> listeners.remove(listener));
    }

    /** Kinds one after the other, each kind at once: a fixed number of queries however many writes there are. */
    private void runTogether(List<Write<?>> writes) {
        var known = sharesAll(dialect) ? live : LiveSessions.none();
        var isDone = false;
        try {
            var done = run(writes, known);
            known.keep(done.sessions());
            isDone = true;
            if (!done.events().isEmpty()) {
                listeners.forEach(listener -> listener.accept(done.events()));
            }
        } finally {
            if (!isDone) {
                known.forgetAll();
            }
        }
    }

    /** What a transaction did: sessions as they are now, and what happened to them. */
    private record Done(Collection<SessionUnit> sessions, List<SessionEvent> events) {

        static final Done NOTHING = new Done(List.of(), List.of());
    }

    private Done run(List<Write<?>> writes, LiveSessions known) {
        var others = new ArrayList<Write.Other<?>>();
        for (var write : writes) {
            if (write instanceof Write.Other<?> other) {
                others.add(other);
            }
        }
        if (others.isEmpty()) {
            return transactions.writePlainly(known::begin, connection -> move(connection, writes, known));
        }
        return transactions.write(known::begin, entities -> {
            others.forEach(other -> {
                forget(other, known);
                other.run(entities);
            });
            return others.size() == writes.size() ? Done.NOTHING : move(entities, writes, known);
        });
    }

    private static void forget(Write.Other<?> other, LiveSessions known) {
        if (other.sessions == null) {
            known.forgetAll();
        } else {
            known.forget(other.sessions);
        }
    }

    private Done move(EntityManager entities, List<Write<?>> writes, LiveSessions known) {
        entities.flush(); // what follows reads and writes the same rows past the entities
        try {
            return move(entities.unwrap(Connection.class), writes, known);
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
    }

    /** Writes all that admits, places or moves sessions. */
    private Done move(Connection connection, List<Write<?>> writes, LiveSessions known) throws SQLException {
        var log = new EventLog(dialect);
        var sessions = new LockedSessions(connection, known);
        var admits = new ArrayList<Write.Admit>();
        var applies = new ArrayList<Write.Apply>();
        for (var write : writes) {
            switch (write) {
                case Write.Place place -> placements.commit(connection, sessions, place, log);
                case Write.Admit admit -> admits.add(admit);
                case Write.Apply apply -> applies.add(apply);
                case Write.Other<?> other -> {} // done before
            }
        }
        if (!admits.isEmpty()) {
            admissions.admit(connection, sessions, admits, log);
        }
        if (!applies.isEmpty()) {
            transitions.apply(connection, sessions, applies, log);
        }
        sessions.names(sessions.all());
        return new Done(sessions.all(), log.write(connection));
    }
}
