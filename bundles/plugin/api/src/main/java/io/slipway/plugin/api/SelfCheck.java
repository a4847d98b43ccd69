package io.slipway.plugin.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** An ability of a provider: it can say whether it works, before anybody uses it and while it serves. */
@ConsumerType
public interface SelfCheck {

    /**
     * Looks whether the provider can serve; called before it does, when what it says stops the swap, and then now and again,
     * when what it says is shown to the operator. It has a limit of seconds, changes nothing and may run beside other calls.
     *
     * @return what is wrong, in words; empty if nothing is
     */
    List<String> selfCheck();
}
