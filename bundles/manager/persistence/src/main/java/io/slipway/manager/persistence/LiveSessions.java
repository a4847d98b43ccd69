package io.slipway.manager.persistence;

import io.slipway.manager.store.SessionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that were moved last, as they are committed: a session moves six times within a moment, and need not be read
 * each time. Only for a database that nobody but this process can write to, and whose writes come one after the other.
 *
 * <p>A writer takes a session out before it changes it and puts it back after the commit, so that what is here is always what
 * is committed; a reader that finds nothing asks the database. Should anybody else in this process write to the same database
 * ({@link WriteCount}), then nothing here counts until the next write of ours, which begins anew.
 *
 * <p>What writes uses is for the writing thread alone; the records are for all threads.
 */
final class LiveSessions {

    private static final int MOST = 1_000;

    private final @Nullable WriteCount count;

    // for the writing thread alone: the least recently moved first
    private final Map<UUID, SessionUnit> units = new LinkedHashMap<>();
    private final Map<UUID, String> emails = new HashMap<>();
    private final Map<UUID, String> projects = new HashMap<>();

    private final ConcurrentMap<UUID, SessionRecord> records = new ConcurrentHashMap<>();
    private final ConcurrentMap<LiveName, UUID> names = new ConcurrentHashMap<>();
    private final ConcurrentMap<UUID, UUID> kernels = new ConcurrentHashMap<>();
    // the number of our last write
    private volatile long own = WriteCount.NEVER;

    private LiveSessions(@Nullable WriteCount count) {
        this.count = count;
    }

    /** Returns what keeps the sessions of a database; keeps nothing if others may write to it. */
    static LiveSessions of(WriteCount count) {
        return new LiveSessions(count.isComplete() ? count : null);
    }

    /** Returns what keeps nothing beyond one transaction. */
    static LiveSessions none() {
        return new LiveSessions(null);
    }

    // ---- the writing thread

    /** Begins a write with its number; if others have written since our last, nothing is known any more. */
    void begin(long number) {
        if (number != own + 1) {
            forgetAll();
        }
        own = number;
    }

    /** Takes a session out to be changed; null if it is not here. */
    @Nullable
    SessionUnit take(UUID session) {
        var record = records.remove(session);
        if (record != null) {
            names.remove(LiveName.of(record), session);
            record.kernels().forEach(kernel -> kernels.remove(kernel.id().value()));
        }
        return units.remove(session);
    }

    /** Forgets sessions that are changed in another way. */
    void forget(Collection<UUID> sessions) {
        sessions.forEach(this::take);
    }

    /** Forgets everything, names of users and projects as well. */
    void forgetAll() {
        records.clear();
        names.clear();
        kernels.clear();
        units.clear();
        emails.clear();
        projects.clear();
    }

    Map<UUID, String> emails() {
        return emails;
    }

    Map<UUID, String> projects() {
        return projects;
    }

    /** Puts sessions back, or new ones in, after the commit. */
    void keep(Collection<SessionUnit> committed) {
        if (count == null) {
            emails.clear();
            projects.clear();
            return;
        }
        var shown = new Names(emails, projects);
        for (var unit : committed) {
            var id = unit.session().id();
            var record = unit.toRecord(shown);
            units.put(id, unit);
            records.put(id, record);
            record.kernels().forEach(kernel -> kernels.put(kernel.id().value(), id));
            if (!record.status().isTerminal()) {
                names.put(LiveName.of(record), id);
            }
        }
        var eldest =
                units.keySet().stream().limit(Math.max(0, units.size() - MOST)).toList();
        forget(eldest);
    }

    // ---- any thread

    /** Returns a session as it is now; empty if that is to be asked of the database. */
    Optional<SessionRecord> find(UUID session) {
        return ifCurrent(records.get(session));
    }

    /** Returns the live session of a name; empty if that is to be asked of the database. */
    Optional<SessionRecord> findLive(String owner, String name) {
        var id = names.get(new LiveName(owner, name));
        return id == null
                ? Optional.empty()
                : find(id).filter(session ->
                        session.name().equals(name) && !session.status().isTerminal());
    }

    /** Returns the session of a kernel; empty if that is to be asked of the database. */
    Optional<SessionRecord> findByKernel(UUID kernel) {
        var id = kernels.get(kernel);
        return id == null ? Optional.empty() : find(id);
    }

    /** Returns sessions as they are now, all of them or none. */
    Optional<List<SessionRecord>> findAll(Collection<UUID> sessions) {
        var found = new ArrayList<SessionRecord>(sessions.size());
        for (var id : sessions) {
            var session = records.get(id);
            if (session == null) {
                return Optional.empty();
            }
            found.add(session);
        }
        return isCurrent() ? Optional.of(found) : Optional.empty();
    }

    private Optional<SessionRecord> ifCurrent(@Nullable SessionRecord record) {
        return record != null && isCurrent() ? Optional.of(record) : Optional.empty();
    }

    /** Asked after the answer was found: whoever writes beside us is counted before it begins. */
    private boolean isCurrent() {
        return count != null && count.begun() == own;
    }
}
