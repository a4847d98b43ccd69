package io.slipway.plugin.testkit;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Names in memory that only one version has, with a fault. */
final class Ledger implements Promotable {

    /** What is wrong with it. */
    enum Fault {
        NOTHING,
        SERVES_AS_A_STANDBY,
        NEVER_SERVES,
        SERVES_ON,
        LOSES_STATE,
        TAKES_ANY_STATE,
        OWNS_AFTER_A_REFUSAL,
        FORGETS_BY_A_REFUSAL,
        REFUSES_WITHOUT_A_WORD,
        MOVES_WHEN_ASKED,
        SAYS_NOTHING,
        NEEDS_STATE,
        SERVES_WHEN_STOPPED,
        HANGS
    }

    private final Fault fault;
    private final Set<String> names = new HashSet<>();
    private final Set<Ledger> all;
    private boolean isServing;
    private boolean hasServed;

    Ledger(Fault fault, Set<Ledger> all) {
        this.fault = fault;
        this.all = all;
        this.isServing = fault == Fault.SERVES_AS_A_STANDBY;
        all.add(this);
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        if (fault == Fault.HANGS) {
            LockSupport.parkNanos(Long.MAX_VALUE);
        }
        if (state.isPresent() && state.get().schema() != 1 && fault != Fault.TAKES_ANY_STATE) {
            isServing = fault == Fault.OWNS_AFTER_A_REFUSAL;
            if (fault == Fault.FORGETS_BY_A_REFUSAL) {
                all.forEach(ledger -> ledger.names.clear());
            }
            throw new PromotionException(fault == Fault.REFUSES_WITHOUT_A_WORD ? "" : "schema unknown");
        }
        if (fault == Fault.NEEDS_STATE && state.isEmpty() && all.stream().anyMatch(other -> other.hasServed)) {
            throw new PromotionException("nothing was handed over");
        }
        names.addAll(state.map(HandedState::values).orElse(Map.of()).keySet());
        isServing = fault != Fault.NEVER_SERVES;
        hasServed = true;
    }

    @Override
    public Optional<HandedState> demote() {
        isServing = fault == Fault.SERVES_ON;
        var kept = fault == Fault.LOSES_STATE ? Set.<String>of() : Set.copyOf(names);
        names.clear();
        return Optional.of(new HandedState(1, kept.stream().collect(Collectors.toMap(name -> name, name -> ""))));
    }

    @Override
    public List<String> stateToMove() {
        if (fault == Fault.MOVES_WHEN_ASKED) {
            names.clear();
        }
        return List.of(fault == Fault.SAYS_NOTHING ? "" : names.size() + " names");
    }

    void stop() {
        isServing = fault == Fault.SERVES_WHEN_STOPPED;
    }

    void use() {
        if (!isServing) {
            throw new IllegalStateException("does not serve");
        }
    }

    void leave(String name) {
        use();
        names.add(name);
    }

    boolean has(String name) {
        use();
        return names.contains(name);
    }
}
