package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.List;
import java.util.Optional;

/** A ledger that cannot take over. */
public final class UnfitLedger implements Ledger, Promotable {

    @Override
    public String read(String key) {
        return "never";
    }

    @Override
    public String write(String line) {
        return "never";
    }

    @Override
    public String await(long millis) {
        return "never";
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        throw new PromotionException("schema " + state.map(HandedState::schema).orElse(0) + " is not known");
    }

    @Override
    public Optional<HandedState> demote() {
        return Optional.empty();
    }

    @Override
    public List<String> stateToMove() {
        return List.of();
    }
}
