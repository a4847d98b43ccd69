package io.slipway.model.session;

import java.util.Locale;

/** How the kernels of a session are spread. */
public enum ClusterMode {
    /** All on one agent. */
    SINGLE_NODE,
    /** On several agents if need be. */
    MULTI_NODE;

    /** Returns the spelling of clients, such as {@code single-node}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
