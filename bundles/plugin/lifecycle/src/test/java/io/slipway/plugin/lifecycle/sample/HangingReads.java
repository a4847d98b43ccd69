package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.concurrent.locks.LockSupport;

/** A ledger whose reads do not return until they are interrupted. */
public final class HangingReads implements Ledger {

    private static final Object HANGS = new Object();

    @Override
    public String read(String key) {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park(HANGS);
        }
        return "late " + key;
    }

    @Override
    public String write(String line) {
        return "wrote " + line;
    }
}
