package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.concurrent.atomic.AtomicInteger;

/** A ledger of whose writes every twentieth fails. */
public final class LeakyWrites implements Ledger {

    private final AtomicInteger writes = new AtomicInteger();

    @Override
    public String read(String key) {
        return "leaky " + key;
    }

    @Override
    public String write(String line) {
        if (writes.incrementAndGet() % 20 == 0) {
            throw new IllegalStateException("out of ink");
        }
        return "wrote " + line;
    }
}
