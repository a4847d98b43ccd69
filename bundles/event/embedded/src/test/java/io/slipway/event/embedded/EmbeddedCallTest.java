package io.slipway.event.embedded;

import io.slipway.event.spi.EventBus;
import io.slipway.event.testkit.EventCallContract;
import io.slipway.plugin.api.PromotionException;
import java.util.Optional;

class EmbeddedCallTest extends EventCallContract {

    @Override
    protected EventBus open() throws PromotionException {
        var bus = new EmbeddedEventBus();
        bus.promote(Optional.empty());
        return bus;
    }

    @Override
    protected void close(EventBus bus) {
        ((EmbeddedEventBus) bus).stop();
    }
}
