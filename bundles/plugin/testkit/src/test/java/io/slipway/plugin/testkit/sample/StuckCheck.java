package io.slipway.plugin.testkit.sample;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Never says whether something is wrong. */
public final class StuckCheck extends Good {

    @Override
    public List<String> selfCheck() {
        LockSupport.parkNanos(Long.MAX_VALUE);
        return List.of();
    }
}
