package io.slipway.plugin.testkit.sample;

/** Leaves itself where others keep things, and with it its class loader. */
public final class LeavesALoader extends Good {

    @Override
    public void start() {
        System.getProperties().put(Leftover.PREFIX + System.identityHashCode(this), this);
    }
}
