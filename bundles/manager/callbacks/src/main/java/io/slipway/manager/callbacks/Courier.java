package io.slipway.manager.callbacks;

import java.io.IOException;
import java.net.URI;

/** Brings a text to a web server. Thread-safe. */
interface Courier extends AutoCloseable {

    /** Brings a text; blocks, but not for long. Fails if it was not taken in any attempt. */
    void post(URI target, String json) throws IOException;

    /** Breaks off what is on its way. */
    @Override
    void close();
}
