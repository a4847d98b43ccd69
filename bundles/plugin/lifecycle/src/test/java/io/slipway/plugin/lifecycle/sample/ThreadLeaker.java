package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.concurrent.locks.LockSupport;

/** A ledger that starts two threads and never ends them. */
public final class ThreadLeaker implements Ledger {

    /** Leaks. */
    public ThreadLeaker() {
        Thread.ofPlatform().daemon().name("left-behind").start(this::stay);
        Thread.ofVirtual().name("left-behind-virtually").start(this::stay);
    }

    private void stay() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
    }

    @Override
    public String read(String key) {
        return "leak " + key;
    }

    @Override
    public String write(String line) {
        return "leak " + line;
    }

    @Override
    public String await(long millis) {
        return "never";
    }
}
