package io.slipway.plugin.testkit.sample;

import io.slipway.plugin.api.SelfCheck;
import java.util.List;
import java.util.concurrent.Callable;

/** Does nothing, and that well. */
public class Good implements Callable<String>, SelfCheck {

    /** Used by the component runtime. */
    public void start() throws InterruptedException {}

    /** Used by the component runtime. */
    public void stop() throws InterruptedException {}

    @Override
    public String call() throws Exception {
        return "good";
    }

    @Override
    public List<String> selfCheck() {
        return List.of();
    }
}
