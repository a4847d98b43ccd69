package io.slipway.plugin.lifecycle.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.call.OpenEnded;
import java.util.NoSuchElementException;

/** Something to call. */
public interface Ledger {

    /**
     * May be repeated.
     *
     * @throws NoSuchElementException if there is no such page
     */
    @Idempotent
    String read(String key) throws NoSuchElementException;

    /** May not. */
    String write(String line);

    /** Takes as long as it takes. */
    @OpenEnded
    default String await(long millis) throws InterruptedException {
        Thread.sleep(millis);
        return "awaited";
    }
}
