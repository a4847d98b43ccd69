package io.slipway.itests.bad;

import io.slipway.plugin.api.SelfCheck;
import java.io.IOException;
import java.util.List;
import org.osgi.framework.BundleContext;

/** Says in its self-check that it is not well. */
public final class Sceptical extends DisturbedRuntime implements SelfCheck {

    /** Used by the component runtime. */
    public Sceptical(BundleContext context) throws IOException {
        super(context);
    }

    @Override
    public List<String> selfCheck() {
        return List.of("the engine has no fuel");
    }

    @Override
    void disturb() {}
}
