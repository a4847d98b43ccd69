package io.slipway.config.spi;

import org.jspecify.annotations.Nullable;

/** Hears of changes. */
@FunctionalInterface
public interface ConfigListener {

    /**
     * One key changed.
     *
     * @param key which
     * @param value its new value, or null if it was deleted
     */
    void changed(String key, @Nullable String value);
}
