package io.slipway.plugin.testkit.sample;

import java.util.List;

/** Says that something is wrong when it was used. */
public final class UnfitOnceUsed extends Good {

    private boolean isUsed;

    @Override
    public String call() {
        isUsed = true;
        return "used";
    }

    @Override
    public List<String> selfCheck() {
        return isUsed ? List.of("worn out") : List.of();
    }
}
