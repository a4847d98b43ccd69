package io.slipway.plugin.lifecycle.spi;

/** A further ability of a {@link Ledger}. */
public interface Indexed {

    /** Returns how many entries there are. */
    int size();
}
