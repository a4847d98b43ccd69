package io.slipway.plugin.testkit.sample;

/** Does not work beside another version of itself. */
public final class AloneInTheWorld extends Good {

    private static final String PROPERTY = Leftover.PREFIX + "alone";

    @Override
    public void start() {
        if (System.setProperty(PROPERTY, "here") != null) {
            throw new IllegalStateException("another one is here");
        }
    }

    @Override
    public void stop() {
        System.clearProperty(PROPERTY);
    }
}
