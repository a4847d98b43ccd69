package io.slipway.event.embedded;

import io.slipway.event.spi.EventBus;
import io.slipway.event.testkit.EventGroupContract;
import java.util.Optional;

class EmbeddedGroupTest extends EventGroupContract {

    @Override
    protected EventBus open() {
        var bus = new EmbeddedEventBus();
        bus.promote(Optional.empty());
        return bus;
    }

    @Override
    protected void close(EventBus bus) {
        ((EmbeddedEventBus) bus).stop();
    }
}
