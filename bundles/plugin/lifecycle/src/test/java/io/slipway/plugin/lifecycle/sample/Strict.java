package io.slipway.plugin.lifecycle.sample;

import java.util.Map;
import java.util.function.Supplier;

/** A component that takes numbers alone. */
public final class Strict implements Supplier<Integer> {

    private final int pitch;

    /** Used by the component runtime. */
    public Strict(Map<String, Object> settings) {
        this.pitch = Integer.parseInt(String.valueOf(settings.getOrDefault("pitch", "7")));
    }

    @Override
    public Integer get() {
        return pitch;
    }
}
