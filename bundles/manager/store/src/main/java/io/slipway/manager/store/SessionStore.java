package io.slipway.manager.store;

import io.slipway.model.agent.AgentId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Sessions and kernels. Every method is one transaction, durable when it returns. Thread-safe; calls block. A store that
 * cannot be reached throws {@link io.slipway.model.failure.SlipwayException} UNAVAILABLE.
 */
@ProviderType
public interface SessionStore {

    /**
     * Admits a session or not: locks the policy rows of keypair, user, project and domain in this order, sums what they
     * use, asks the rule, and inserts session, kernels, history and outbox rows if the rule agrees.
     *
     * @param session the new session; its name must be free among the owner's live sessions
     * @param rule pure and quick; runs inside the transaction
     */
    Admission admit(NewSession session, AdmissionRule rule);

    /**
     * Applies moves of kernels of one session, and the promotion of the session that follows from them: the only way in
     * which a state changes (but for {@link SchedulingStore#commit}). Guarded: all moves are allowed by the tables and
     * start from an expected state, or nothing happens. Writes history and outbox rows, frees the allocations of kernels
     * that become terminal or PENDING again (each exactly once); a kernel that becomes PENDING again also loses its agent.
     * A move to SCHEDULED is refused: it needs an agent, so only a placement makes it.
     */
    TransitionResult apply(Transition transition);

    /** As {@link #apply}, each on its own, in one transaction; results in the same order. At most 500. */
    List<TransitionResult> applyAll(List<Transition> transitions);

    /** Returns one session with its kernels. */
    Optional<SessionRecord> find(SessionId session);

    /** Returns the session that a kernel belongs to. */
    Optional<SessionRecord> findByKernel(KernelId kernel);

    /**
     * Returns an owner's sessions of exactly this name, newest first.
     *
     * @param onlyLive whether to leave out terminal ones
     */
    List<SessionRecord> findByName(AccessKey owner, String name, boolean onlyLive);

    /** Returns a page of sessions with their kernels, without a query per row. */
    Page<SessionRecord> list(SessionQuery query);

    /**
     * Returns live kernels, with their sessions' ids, for reconciliation and recovery: those in one of the states that
     * have been in it since before a moment. Where PENDING is among the states, kernels of sessions that may not start
     * before that moment are left out.
     *
     * @param limit at most so many, 1 to 10,000, the longest waiting first
     */
    List<KernelRecord> kernelsIn(Set<KernelStatus> states, Instant since, int limit);

    /** Returns every live kernel that is bound to an agent, in any state from SCHEDULED to TERMINATING. */
    List<KernelRecord> kernelsOn(AgentId agent);

    /**
     * Renames a live session.
     *
     * @return false if it is not RUNNING or the name is taken among its owner's live sessions
     */
    boolean rename(SessionId session, String name, Instant at);

    /**
     * Changes fields of a session that are no states: counters of executed queries and the reason shown while it waits.
     *
     * @param numQueries by session, added to the counter
     * @param statusInfo by session, replaces the shown reason; skipped for terminal sessions
     */
    void touch(Map<SessionId, Long> numQueries, Map<SessionId, String> statusInfo);

    /** Returns the stored end of a kernel's log; empty text if there is none. */
    String kernelLogs(KernelId kernel);

    /** Returns how a session came to its present state, oldest first. */
    List<HistoryEntry> history(SessionId session);

    /**
     * Returns, for each of the sessions that exist, how it came to its present state, oldest first; kernels' moves are left
     * out. For batch loading.
     */
    Map<SessionId, List<HistoryEntry>> histories(Collection<SessionId> sessions);

    /** Returns, for each of the sessions that exist, its record; for batch loading. */
    Map<SessionId, SessionRecord> findAll(Collection<SessionId> sessions);
}
