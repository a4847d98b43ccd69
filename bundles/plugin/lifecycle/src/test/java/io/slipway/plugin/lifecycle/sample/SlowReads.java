package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.concurrent.locks.LockSupport;

/** A ledger that takes its time. */
public final class SlowReads implements Ledger {

    @Override
    public String read(String key) {
        LockSupport.parkNanos(60_000_000);
        return "slow " + key;
    }

    @Override
    public String write(String line) {
        return "wrote " + line;
    }
}
