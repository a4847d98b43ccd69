package io.slipway.plugin.testkit.sample;

import java.util.concurrent.Callable;

/** Cannot say whether it works. */
public final class Mute implements Callable<String> {

    /** Used by the component runtime. */
    public void start() {}

    /** Used by the component runtime. */
    public void stop() {}

    @Override
    public String call() {
        return "mute";
    }
}
