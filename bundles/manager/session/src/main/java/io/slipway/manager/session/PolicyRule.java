package io.slipway.manager.session;

import io.slipway.manager.store.AdmissionRule;
import io.slipway.manager.store.PolicySnapshot;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether one more session fits the policies. Pure.
 *
 * @param kernels how many kernels it has
 * @param request what they need together
 * @param resources writes amounts for people
 */
record PolicyRule(int kernels, SlotAmounts request, ResourceWish resources) implements AdmissionRule {

    @Override
    public Optional<String> refusal(PolicySnapshot snapshot) {
        var policy = snapshot.policy();
        var use = snapshot.keypair();
        return Stream.of(
                        containers(policy),
                        count(use.liveSessions(), policy.maxConcurrentSessions(), "concurrent sessions in use", policy),
                        count(use.pendingSessions(), policy.maxPendingSessions(), "pending sessions", policy),
                        slots(
                                use.slots(),
                                policy.totalSlots(),
                                policy.isUnlimitedByDefault(),
                                "keypair policy " + policy.name()),
                        slots(snapshot.project().slots(), snapshot.projectLimit(), true, "limit of the project"),
                        slots(snapshot.domain().slots(), snapshot.domainLimit(), true, "limit of the domain"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> containers(KeypairPolicy policy) {
        return kernels > policy.maxContainersPerSession()
                ? Optional.of(kernels + " kernels asked for, at most " + policy.maxContainersPerSession()
                        + " per session (keypair policy " + policy.name() + ")")
                : Optional.empty();
    }

    private static Optional<String> count(int used, int limit, String what, KeypairPolicy policy) {
        return limit > 0 && used >= limit
                ? Optional.of(used + " of " + limit + " " + what + " (keypair policy " + policy.name() + ")")
                : Optional.empty();
    }

    private Optional<String> slots(SlotAmounts used, SlotAmounts limit, boolean isOpen, String whose) {
        return request.amounts().entrySet().stream()
                .filter(entry -> !isOpen || limit.amounts().containsKey(entry.getKey()))
                .filter(entry ->
                        used.get(entry.getKey()).add(entry.getValue()).compareTo(limit.get(entry.getKey())) > 0)
                .findFirst()
                .map(entry -> overrun(entry.getKey(), entry.getValue(), used, limit) + " (" + whose + ")");
    }

    private String overrun(SlotName slot, BigDecimal wanted, SlotAmounts used, SlotAmounts limit) {
        return resources.text(slot, wanted) + " " + slot + " asked for, " + resources.text(slot, used.get(slot))
                + " of " + resources.text(slot, limit.get(slot)) + " in use";
    }
}
