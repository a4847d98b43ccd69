package io.slipway.plugin.lifecycle.sample;

import java.util.function.Supplier;

/** A provider that cannot be made. */
public final class LockedOut implements Supplier<String> {

    /** Fails. */
    public LockedOut() {
        throw new IllegalStateException("not ready", new UnsupportedOperationException("the file is locked"));
    }

    @Override
    public String get() {
        return "never";
    }
}
