package io.slipway.plugin.testkit.sample;

/** Takes its time at each start. */
public final class SlowToStart extends Good {

    @Override
    public void start() throws InterruptedException {
        Thread.sleep(3_000);
    }
}
