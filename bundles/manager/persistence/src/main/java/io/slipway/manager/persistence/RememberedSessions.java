package io.slipway.manager.persistence;

import io.slipway.manager.store.SessionRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions for single sessions, and remembers the answers. A remembered one is given only if it still holds: if
 * nothing at all was written since it was looked at last ({@link WriteCount}), or else if one short statement says so
 * ({@link Stamp}). So an answer is never older than what is committed when the question comes, whoever wrote it, this manager
 * or another one. Thread-safe.
 */
final class RememberedSessions {

    private static final int MOST_ANSWERS = 1_000;

    /** What moved just now moves again soon: its answer would be remembered in vain. */
    private static final Duration UNREST = Duration.ofSeconds(1);

    private static final String STAMPS = "SELECT s.id, s.name, s.status_info, s.num_queries, u.email, p.name,"
            + " (SELECT MAX(h.id) FROM history h WHERE h.session_id = s.id) FROM sessions s"
            + " LEFT JOIN users u ON u.id = s.user_id LEFT JOIN projects p ON p.id = s.project_id WHERE ";

    private final Transactions transactions;
    private final InstantSource clock;

    // guarded by itself, never while the database is asked
    private final Map<Question, Remembered> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Remembered> eldest) {
            return size() > MOST_ANSWERS;
        }
    };

    RememberedSessions(Transactions transactions, InstantSource clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Which sessions are asked for. */
    sealed interface Question {

        /** The one of an id. */
        record ById(UUID session) implements Question {}

        /** The live one of an owner's that has this name. */
        record ByLiveName(String owner, String name) implements Question {}
    }

    /**
     * What shows that a session is as it was: all that is shown of it and changes without a move, and its last event. Every
     * move of the session or one of its kernels, and with it every change of states, agents, allocations and ports, has a row
     * in its history, written in the same transaction; ids of one session's rows only grow.
     *
     * @param session its id
     * @param name its name
     * @param statusInfo why it is in its state
     * @param numQueries how often code was run in it
     * @param email of its user
     * @param project name of its project
     * @param lastEvent id of the newest row in its history
     */
    record Stamp(
            UUID session,
            String name,
            String statusInfo,
            long numQueries,
            @Nullable String email,
            @Nullable String project,
            long lastEvent) {}

    /**
     * Sessions as they were when they had these stamps.
     *
     * @param stamps read in the same statement as the sessions
     * @param sessions in the same order
     */
    record Answer(List<Stamp> stamps, List<SessionRecord> sessions) {}

    /** An answer, and for when it is known to hold. */
    private static final class Remembered {

        private final Answer answer;
        private volatile long calm;

        Remembered(Answer answer, long calm) {
            this.answer = answer;
            this.calm = calm;
        }
    }

    /** Returns the sessions that are asked for, as they are now; maybe none. */
    List<SessionRecord> find(Question question) {
        // before anything is read: what is written meanwhile makes it another number
        var calm = transactions.calm();
        var known = recall(question);
        if (known != null && holds(known, question, calm)) {
            return known.answer.sessions();
        }
        var read = transactions.readOnce(entities -> SingleSession.answer(entities, question));
        remember(question, read, calm);
        return read.sessions();
    }

    private boolean holds(Remembered known, Question question, long calm) {
        if (calm != WriteCount.NEVER && known.calm == calm) {
            return true;
        }
        if (!known.answer.stamps().equals(stampsNow(question))) {
            return false;
        }
        known.calm = calm;
        return true;
    }

    private @Nullable Remembered recall(Question question) {
        synchronized (answers) {
            return answers.get(question);
        }
    }

    private void remember(Question question, Answer answer, long calm) {
        var calmSince = clock.instant().minus(UNREST);
        var isWorthIt = !answer.sessions().isEmpty()
                && answer.sessions().stream()
                        .allMatch(session -> session.statusChangedAt().isBefore(calmSince));
        synchronized (answers) {
            if (isWorthIt) {
                answers.put(question, new Remembered(answer, calm));
            } else {
                answers.remove(question);
            }
        }
    }

    /** Plain JDBC: this is the whole work of most questions. */
    private List<Stamp> stampsNow(Question question) {
        return transactions.readPlainly(connection -> {
            try (var statement = statement(connection, question);
                    var rows = statement.executeQuery()) {
                var stamps = new ArrayList<Stamp>(1);
                while (rows.next()) {
                    stamps.add(stamp(rows));
                }
                return stamps;
            }
        });
    }

    private static PreparedStatement statement(Connection connection, Question question) throws SQLException {
        return switch (question) {
            case Question.ById one -> {
                var statement = connection.prepareStatement(STAMPS + "s.id = ?");
                statement.setObject(1, one.session());
                yield statement;
            }
            case Question.ByLiveName one -> {
                var statement = connection.prepareStatement(STAMPS + "s.owner_key = ? AND s.live_name = ?");
                statement.setString(1, one.owner());
                statement.setString(2, one.name());
                yield statement;
            }
        };
    }

    private static Stamp stamp(ResultSet row) throws SQLException {
        return new Stamp(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getString(5),
                row.getString(6),
                row.getLong(7));
    }
}
