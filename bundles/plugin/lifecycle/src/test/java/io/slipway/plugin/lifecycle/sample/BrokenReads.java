package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;

/** A ledger that cannot be read. */
public final class BrokenReads implements Ledger {

    @Override
    public String read(String key) {
        throw new IllegalStateException("page " + key + " is torn");
    }

    @Override
    public String write(String line) {
        return "wrote " + line;
    }
}
