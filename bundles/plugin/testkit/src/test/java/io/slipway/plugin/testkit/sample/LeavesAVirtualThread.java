package io.slipway.plugin.testkit.sample;

/** Leaves a thread behind that no list of the JDK has. */
public final class LeavesAVirtualThread extends Good {

    @Override
    public void start() {
        Thread.ofVirtual().start(Leftover::run);
    }
}
