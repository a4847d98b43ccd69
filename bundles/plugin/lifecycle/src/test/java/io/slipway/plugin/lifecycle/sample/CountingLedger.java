package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A ledger that counts its lines in memory only: what it is not handed it does not know. */
public final class CountingLedger implements Ledger, Promotable {

    private final AtomicInteger lines = new AtomicInteger();
    private volatile boolean isServing;

    @Override
    public String read(String key) {
        return write(key);
    }

    @Override
    public String write(String line) {
        if (!isServing) {
            throw new IllegalStateException("called while it does not serve");
        }
        return "counted " + lines.incrementAndGet();
    }

    @Override
    public void promote(Optional<HandedState> state) {
        lines.set(state.map(handed -> Integer.parseInt(handed.values().get("lines")))
                .orElse(0));
        isServing = true;
    }

    @Override
    public Optional<HandedState> demote() {
        isServing = false;
        return Optional.of(new HandedState(1, Map.of("lines", lines.toString())));
    }

    /** Used by the component runtime. */
    public void deactivate() {
        isServing = false;
    }

    @Override
    public List<String> stateToMove() {
        return List.of(lines + " lines");
    }
}
