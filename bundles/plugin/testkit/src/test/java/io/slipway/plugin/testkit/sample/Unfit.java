package io.slipway.plugin.testkit.sample;

import java.util.List;

/** Says that something is wrong. */
public final class Unfit extends Good {

    @Override
    public List<String> selfCheck() {
        return List.of("it rains in");
    }
}
