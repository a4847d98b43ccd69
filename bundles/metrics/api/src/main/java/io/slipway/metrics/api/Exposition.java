package io.slipway.metrics.api;

import org.osgi.annotation.versioning.ProviderType;

/** All figures as a page for a collector. Thread-safe. */
@ProviderType
public interface Exposition {

    /**
     * Asks everybody and writes a page.
     *
     * @param accept what the collector takes, as an HTTP {@code Accept} header; empty for the usual text
     */
    Page page(String accept);

    /**
     * What a collector gets.
     *
     * @param contentType of the text, with its version
     * @param text the figures
     */
    record Page(String contentType, String text) {}
}
