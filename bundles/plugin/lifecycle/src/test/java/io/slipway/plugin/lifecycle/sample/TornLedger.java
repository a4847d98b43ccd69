package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A ledger that owns its lines while it serves; of some pages it cannot read a thing, of others each second time. */
public final class TornLedger implements Ledger, Promotable {

    private final AtomicInteger reads = new AtomicInteger();
    private volatile Optional<HandedState> lines = Optional.empty();

    @Override
    public String read(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("no page");
        }
        if (!key.equals("second") || reads.incrementAndGet() % 2 == 1) {
            throw new IllegalStateException("page " + key + " is torn");
        }
        return "read at last";
    }

    @Override
    public String write(String line) {
        throw new IllegalStateException("out of ink");
    }

    @Override
    public void promote(Optional<HandedState> state) {
        lines = state;
    }

    @Override
    public Optional<HandedState> demote() {
        return lines;
    }

    @Override
    public List<String> stateToMove() {
        return List.of();
    }
}
