package io.slipway.plugin.testkit.sample;

/** Leaves a thread behind. */
public final class LeavesAThread extends Good {

    @Override
    public void start() {
        Thread.ofPlatform().daemon().name("left behind").start(Leftover::run);
    }
}
