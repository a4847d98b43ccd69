package io.slipway.manager.api;

import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.Page;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The life of sessions. Thread-safe; calls block. Failures are {@link io.slipway.model.failure.SlipwayException}s.
 *
 * <p>Where a {@code reference} is taken, it is a session's id or its exact name among the sessions of {@code owner}: a text
 * that parses as UUID is tried as id first. No match is NOT_FOUND (object {@code session}), several are TOO_MANY_SESSIONS.
 */
@ProviderType
public interface SessionService {

    /**
     * Creates a session, or returns the live one of the same name if the request allows its reuse. Does not wait for it.
     *
     * @throws io.slipway.model.failure.SlipwayException INVALID_PARAMETERS, NOT_FOUND (object {@code image reference},
     *     {@code user group (or project)}, {@code scaling group}), SESSION_EXISTS, QUOTA_EXCEEDED
     */
    CreatedSession create(Principal caller, AccessKey owner, CreateSession request);

    /**
     * Waits until a session is RUNNING or terminal.
     *
     * @param limit how long; the record then says where it stands
     * @return the session as it is when that happens or when the limit is over
     */
    SessionRecord awaitStarted(SessionId session, Duration limit);

    /**
     * Waits until a session has left some states.
     *
     * @return the session as it is when that happens or when the limit is over
     */
    SessionRecord awaitLeft(SessionId session, Set<SessionStatus> states, Duration limit);

    /**
     * Returns a session of an owner; live ones only unless {@code alsoDead}: then of several of that name the live one, or
     * else the newest.
     */
    SessionRecord get(AccessKey owner, String reference, boolean alsoDead);

    /** Returns a session by id, whoever owns it. */
    Optional<SessionRecord> find(SessionId session);

    /** Returns those of some sessions that exist, by id, whoever owns them; one query for all. At most 1,000. */
    Map<SessionId, SessionRecord> findAll(Collection<SessionId> sessions);

    /** Returns how sessions came to their present states, oldest first; one query for all. At most 1,000. */
    Map<SessionId, List<HistoryEntry>> histories(Collection<SessionId> sessions);

    /** Returns the live kernels that are bound to an agent, by agent; one query for all. */
    Map<AgentId, List<KernelRecord>> kernelsByAgent();

    /** Returns the sessions of an owner whose id or name is exactly this, also dead ones; maybe none. */
    List<SessionRecord> match(AccessKey owner, String reference);

    /** Returns a page of sessions. Scope is the caller's duty. */
    Page<SessionRecord> list(SessionQuery query);

    /** Returns the waiting sessions of the same owner that are to follow a session, directly or through others. */
    List<SessionRecord> followers(SessionRecord session);

    /**
     * Ends a session. A PENDING one becomes CANCELLED at once; otherwise it becomes TERMINATING and ends when its agents
     * confirm.
     *
     * @param forced also for sessions in SCHEDULED, PREPARING, CREATING, TERMINATING: no grace for programs; also for
     *     ERROR, where nothing changes
     * @throws io.slipway.model.failure.SlipwayException FORBIDDEN for those states without {@code forced}, for PULLING
     *     unless forced by a superadmin, and for TERMINATED and CANCELLED; no failure if it ends during the call
     */
    SessionRecord destroy(Principal caller, AccessKey owner, String reference, boolean forced);

    /**
     * Starts the kernels of a RUNNING session anew, with the same devices and home folders. Returns when that is stored:
     * it is RESTARTING, then RUNNING again, or it ends. Nothing changes for one that is RESTARTING.
     *
     * @throws io.slipway.model.failure.SlipwayException INSUFFICIENT_PRIVILEGE, BAD_REQUEST (not RUNNING)
     */
    SessionRecord restart(Principal caller, AccessKey owner, String reference);

    /**
     * Renames a RUNNING session.
     *
     * @throws io.slipway.model.failure.SlipwayException INVALID_PARAMETERS (bad or taken name), BAD_REQUEST (not RUNNING)
     */
    void rename(AccessKey owner, String reference, String name);

    /** Returns the end of the main kernel's log, or of the given kernel's, also for terminated sessions. */
    String logs(AccessKey owner, String reference, Optional<String> kernelId);
}
