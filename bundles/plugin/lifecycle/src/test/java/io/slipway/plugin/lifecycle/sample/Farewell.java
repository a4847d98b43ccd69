package io.slipway.plugin.lifecycle.sample;

import java.util.function.Supplier;

/** A provider that works and answers differently. */
public final class Farewell implements Supplier<String> {

    @Override
    public String get() {
        return "goodbye";
    }
}
