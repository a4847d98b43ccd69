package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;

/** A ledger that works. */
public final class GoodLedger implements Ledger {

    @Override
    public String read(String key) {
        return "good " + key;
    }

    @Override
    public String write(String line) {
        return "wrote " + line;
    }
}
