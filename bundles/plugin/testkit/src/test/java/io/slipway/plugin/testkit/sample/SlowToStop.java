package io.slipway.plugin.testkit.sample;

/** Takes its time at each stop. */
public final class SlowToStop extends Good {

    @Override
    public void stop() throws InterruptedException {
        Thread.sleep(3_000);
    }
}
