package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.lifecycle.spi.Ledger;
import java.util.Map;

/** A ledger that tells its settings. */
public final class Tuned implements Ledger {

    private final Map<String, Object> settings;

    /** Used by the component runtime. */
    public Tuned(Map<String, Object> settings) {
        this.settings = settings;
    }

    @Override
    public String read(String key) {
        return "pitch " + settings.get("pitch");
    }

    @Override
    public String write(String line) {
        return line;
    }

    @Override
    public String await(long millis) {
        return "at once";
    }
}
