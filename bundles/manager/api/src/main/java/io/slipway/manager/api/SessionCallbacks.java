package io.slipway.manager.api;

import org.osgi.annotation.versioning.ProviderType;

/** Tells addresses that owners of sessions have named how these fare. Thread-safe. */
@ProviderType
public interface SessionCallbacks {

    /**
     * Checks the address that a wish for a session names, and listens from now on, so that nothing that happens to that
     * session is missed. Looks no name up, and so does not block for long.
     *
     * @param url where events are to be told
     * @throws io.slipway.model.failure.SlipwayException INVALID_PARAMETERS ({@code callback_url}) if it is no address of a web
     *     server, or of one that this server may not call
     */
    void expect(String url);
}
