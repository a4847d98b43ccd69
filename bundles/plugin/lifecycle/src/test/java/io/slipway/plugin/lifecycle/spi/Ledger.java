package io.slipway.plugin.lifecycle.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.call.OpenEnded;

/** Something to call. */
public interface Ledger {

    /** May be repeated. */
    @Idempotent
    String read(String key);

    /** May not. */
    String write(String line);

    /** Takes as long as it takes. */
    @OpenEnded
    String await(long millis) throws InterruptedException;
}
