package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Indexed;
import io.slipway.plugin.lifecycle.spi.Ledger;

/** A ledger that can do more. */
public final class IndexedLedger implements Ledger, Indexed {

    @Override
    public String read(String key) {
        return "indexed " + key;
    }

    @Override
    public String write(String line) {
        return "wrote " + line;
    }

    @Override
    public int size() {
        return 1;
    }
}
