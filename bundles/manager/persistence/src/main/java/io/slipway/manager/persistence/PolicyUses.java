package io.slipway.manager.persistence;

import io.slipway.manager.store.NewKernel;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.PolicySnapshot;
import io.slipway.manager.store.PolicySnapshot.Use;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is used, as sums over rows, read once per scope while the policy rows are locked; sessions admitted in this transaction
 * are added. What no limit needs is not read.
 */
final class PolicyUses {

    private static final Use NOTHING = new Use(0, 0, SlotAmounts.NONE);

    private final Connection connection;
    private final Map<Scope, Use> known = new HashMap<>();

    PolicyUses(Connection connection) {
        this.connection = connection;
    }

    /** Returns what a session's policies allow and what is used now. */
    PolicySnapshot snapshot(NewSession session, PolicyRows policies) throws SQLException {
        policies.require(session);
        var policy = policies.policy(session);
        var projectLimit = policies.projectLimit(session);
        var domainLimit = policies.domainLimit(session);
        return new PolicySnapshot(
                policy,
                isLimited(policy) ? use(Scope.keypair(session)) : NOTHING,
                projectLimit,
                projectLimit.isEmpty() ? NOTHING : use(Scope.project(session)),
                domainLimit,
                domainLimit.isEmpty() ? NOTHING : use(Scope.domain(session)));
    }

    /** Adds an admitted session. */
    void add(NewSession session) {
        var asked = session.kernels().stream().map(NewKernel::request).reduce(SlotAmounts.NONE, SlotAmounts::plus);
        for (var scope : List.of(Scope.keypair(session), Scope.project(session), Scope.domain(session))) {
            known.computeIfPresent(
                    scope,
                    (same, use) -> new Use(
                            use.liveSessions() + 1,
                            use.pendingSessions() + 1,
                            use.slots().plus(asked)));
        }
    }

    private static boolean isLimited(KeypairPolicy policy) {
        return policy.maxConcurrentSessions() > 0
                || policy.maxPendingSessions() > 0
                || !policy.isUnlimitedByDefault()
                || !policy.totalSlots().isEmpty();
    }

    private Use use(Scope scope) throws SQLException {
        var use = known.get(scope);
        if (use == null) {
            use = read(scope);
            known.put(scope, use);
        }
        return use;
    }

    private Use read(Scope scope) throws SQLException {
        try (var counting = connection.prepareStatement("SELECT COUNT(*), COUNT(pending_group) FROM sessions WHERE "
                        + scope.column() + " = ? AND " + scope.liveCondition());
                var summing = connection.prepareStatement(
                        "SELECT slot, SUM(amount) FROM (SELECT slot, amount FROM allocations WHERE " + scope.column()
                                + " = ? AND freed_at IS NULL UNION ALL SELECT slot, amount FROM reservations WHERE "
                                + scope.column() + " = ?) used GROUP BY slot")) {
            counting.setObject(1, scope.key());
            summing.setObject(1, scope.key());
            summing.setObject(2, scope.key());
            var slots = new TreeMap<SlotName, BigDecimal>();
            Rows.all(summing, row -> slots.put(new SlotName(row.getString(1)), row.getBigDecimal(2)));
            return Rows.all(counting, row -> new Use(row.getInt(1), row.getInt(2), new SlotAmounts(slots)))
                    .getFirst();
        }
    }

    /**
     * Over what is summed.
     *
     * @param column of sessions, allocations and reservations
     * @param key its value
     */
    private record Scope(String column, Object key) {

        static Scope keypair(NewSession session) {
            return new Scope("owner_key", session.owner().value());
        }

        static Scope project(NewSession session) {
            return new Scope("project_id", session.projectId());
        }

        static Scope domain(NewSession session) {
            return new Scope("domain", session.domain());
        }

        /** Says "not terminal" in the way that the scope's index is sorted by. */
        String liveCondition() {
            return column.equals("owner_key") ? "live_name >= ''" : "terminated_at IS NULL";
        }
    }
}
