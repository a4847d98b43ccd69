package io.slipway.plugin.lifecycle.sample;

import java.util.function.Supplier;

/** A provider that works. */
public final class Greeter implements Supplier<String> {

    @Override
    public String get() {
        return "hello";
    }
}
