package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.api.SelfCheck;
import java.util.List;
import java.util.function.Supplier;

/** A provider that finds a fault in itself. */
public final class Sceptic implements Supplier<String>, SelfCheck {

    @Override
    public String get() {
        return "never";
    }

    @Override
    public List<String> selfCheck() {
        return List.of("the device does not answer");
    }
}
