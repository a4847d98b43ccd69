package io.slipway.plugin.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** An ability of a provider: it can say whether it works, before anybody uses it. */
@ConsumerType
public interface SelfCheck {

    /**
     * Looks whether the provider could serve; called once, before it does, with a limit of seconds.
     *
     * @return what is wrong, in words; empty if nothing is
     */
    List<String> selfCheck();
}
